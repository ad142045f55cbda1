//! The maintainers' packer: the published model's files → what `indexes/model` holds.
//!
//! Input: a folder with `model.safetensors` and `tokenizer.json`. Output: the files that [`super::Model::from_dir`]
//! reads. The token vectors have a file of their own: what is trained leaves their 25 MB alone. Invariant: equal input gives
//! equal files, and different content a different version.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::Path;

use half::bf16;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;
use serde_json::{Value, json};

use super::EmbedError;
use super::archive::compress;
use super::model::{DESCRIPTION, Description, ENCODER, TOKENIZER, TOKENS};
use super::network::TOKEN;
use super::spelling;
use super::tokenizer::{NO_PIECE, SPACE};
use super::weights::{CLASSES, HEAD, TABLE};

const NAME: &str = "use-multilingual-v3";
const MODEL_FILE: &str = "model.safetensors";
const TOKENIZER_FILE: &str = "tokenizer.json";

/// What belongs to the token vectors: the rows, and what they are widened by.
const OF_TOKENS: [&str; 3] = ["table", "scale", "lo"];

/// Beyond this level the files hardly shrink, and packing takes minutes already.
const COMPRESSION_LEVEL: i32 = 19;

/// A tensor that owns its bytes.
struct Tensor {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

type Tensors = BTreeMap<String, Tensor>;

#[derive(Deserialize)]
struct TokenizerJson {
    normalizer: Value,
    pre_tokenizer: Value,
    model: UnigramJson,
}

#[derive(Deserialize)]
struct UnigramJson {
    r#type: String,
    unk_id: Option<u32>,
    byte_fallback: bool,
    vocab: Vec<(String, f64)>,
}

/// Packs the model in `from`, as published or trained (tools/model), into the folder `to`, and gives the version that it wrote.
///
/// Matrices become bfloat16 (cosines against the original stay above 0.9999, which the golden test proves), biases stay
/// f32, token vectors stay six-bit integers.
///
/// # Errors
///
/// [`EmbedError::File`] where a file cannot be read or written, [`EmbedError::UnknownTokenizer`] where `tokenizer.json`
/// describes other steps than the ones that this module implements, [`EmbedError::Tensors`] and [`EmbedError::Json`]
/// where a file is malformed.
pub fn pack_model(from: &Path, to: &Path) -> Result<String, EmbedError> {
    pack_at_level(from, to, COMPRESSION_LEVEL)
}

/// [`pack_model`] with another trade of time for size; the version does not depend on it.
pub(super) fn pack_at_level(from: &Path, to: &Path, level: i32) -> Result<String, EmbedError> {
    let published = read(&from.join(MODEL_FILE))?;
    let (tokens, encoder) = split_weights(&published)?;
    let dimensions = dimensions(&encoder);
    let tokenizer = tokenizer_tensors(&read(&from.join(TOKENIZER_FILE))?)?;
    fs::create_dir_all(to).map_err(|source| EmbedError::File { path: to.to_owned(), source })?;
    let mut content = blake3::Hasher::new();
    for (file, tensors) in [(TOKENS, tokens), (ENCODER, encoder), (TOKENIZER, tokenizer)] {
        let bytes = serialized(file, &tensors)?;
        content.update(&bytes);
        let packed = compress(&bytes, level).map_err(|source| EmbedError::Compression { file, source })?;
        write(&to.join(file), &packed)?;
    }
    let version = format!("{NAME}+jobs-{}", &content.finalize().to_hex()[..8]);
    let description = Description { name: NAME.to_owned(), version: version.clone(), dimensions };
    let json =
        serde_json::to_string_pretty(&description).map_err(|source| EmbedError::Json { file: DESCRIPTION, source })?;
    write(&to.join(DESCRIPTION), format!("{json}\n").as_bytes())?;
    Ok(version)
}

/// The components of the vectors that leave the model: of the head, and of the spelling where there are weights for it.
fn dimensions(encoder: &Tensors) -> usize {
    let of_head = encoder.get(HEAD).and_then(|head| head.shape.last()).copied().unwrap_or(0);
    of_head + encoder.get(spelling::TABLE).map_or(0, |_| spelling::COMPONENTS)
}

/// The weights as they are stored: token vectors and all else.
fn split_weights(published: &[u8]) -> Result<(Tensors, Tensors), EmbedError> {
    let published =
        SafeTensors::deserialize(published).map_err(|source| EmbedError::Tensors { file: MODEL_FILE, source })?;
    let (mut tokens, mut encoder) = (Tensors::new(), Tensors::new());
    for (name, view) in published.tensors() {
        let target = if OF_TOKENS.contains(&name.as_str()) { &mut tokens } else { &mut encoder };
        match name.as_str() {
            "table" => target.insert(TABLE.to_owned(), by_class(&view)),
            // The number of bits of a token component, implied by its type here.
            "bits" => None,
            _ => target.insert(name, narrowed(&view)),
        };
    }
    Ok((tokens, encoder))
}

/// The rows of the token table in order of their class, then id.
fn by_class(table: &TensorView<'_>) -> Tensor {
    let rows: Vec<&[u8]> = table.data().chunks_exact(TOKEN).collect();
    let ordered = (0..CLASSES).flat_map(|class| rows.iter().skip(class).step_by(CLASSES));
    Tensor { dtype: table.dtype(), shape: table.shape().to_vec(), bytes: ordered.copied().flatten().copied().collect() }
}

/// Matrices of f32 as bfloat16; all else unchanged.
fn narrowed(view: &TensorView<'_>) -> Tensor {
    let shape = view.shape().to_vec();
    if view.dtype() != Dtype::F32 || shape.len() != 2 {
        return Tensor { dtype: view.dtype(), shape, bytes: view.data().to_vec() };
    }
    let values = view.data().as_chunks().0.iter().map(|four| bf16::from_f32(f32::from_le_bytes(*four)));
    Tensor { dtype: Dtype::BF16, shape, bytes: values.flat_map(bf16::to_le_bytes).collect() }
}

fn tokenizer_tensors(json: &[u8]) -> Result<Tensors, EmbedError> {
    let parsed: TokenizerJson =
        serde_json::from_slice(json).map_err(|source| EmbedError::Json { file: TOKENIZER_FILE, source })?;
    let mut tensors = tree(&parsed.model.vocab);
    let normalizer = precompiled(&parsed)?.to_string().into_bytes();
    tensors
        .insert("normalizer".to_owned(), Tensor { dtype: Dtype::U8, shape: vec![normalizer.len()], bytes: normalizer });
    let mut scores = Vec::with_capacity(parsed.model.vocab.len() * size_of::<f32>());
    for (_, score) in &parsed.model.vocab {
        // Scores are printed 32-bit floats; reading the digits may be off by the last bit of 64.
        if (f64::from(*score as f32) - *score).abs() > 1e-12 * score.abs() {
            return Err(EmbedError::UnknownTokenizer("scores of more than 32 bits"));
        }
        scores.extend((*score as f32).to_le_bytes());
    }
    let shape = vec![parsed.model.vocab.len()];
    tensors.insert("scores".to_owned(), Tensor { dtype: Dtype::F32, shape, bytes: scores });
    Ok(tensors)
}

/// The character normaliser, provided that every other step is what [`super::tokenizer`] does.
fn precompiled(parsed: &TokenizerJson) -> Result<&Value, EmbedError> {
    let metaspace = json!({ "type": "Metaspace", "replacement": SPACE, "prepend_scheme": "always", "split": false });
    let steps = parsed.normalizer["normalizers"].as_array().map(Vec::as_slice);
    let spaces = json!({ "type": "Replace", "pattern": { "Regex": " {2,}" }, "content": " " });
    let strip = json!({ "type": "Strip", "strip_left": true, "strip_right": true });
    let model = &parsed.model;
    match steps {
        _ if parsed.pre_tokenizer != metaspace => Err(EmbedError::UnknownTokenizer("pre-tokenizer")),
        _ if model.r#type != "Unigram" || model.unk_id != Some(0) || model.byte_fallback => {
            Err(EmbedError::UnknownTokenizer("model"))
        }
        Some([first, second, third]) if first["type"] == "Precompiled" && *second == spaces && *third == strip => {
            Ok(first)
        }
        _ => Err(EmbedError::UnknownTokenizer("normalizer")),
    }
}

/// The pieces as a tree of bytes in order of depth: `labels`, `child_counts` and `pieces`, one entry a node.
fn tree(vocabulary: &[(String, f64)]) -> Tensors {
    let mut sorted: Vec<(&[u8], u32)> = vocabulary.iter().map(|(piece, _)| piece.as_bytes()).zip(0u32..).collect();
    sorted.sort_unstable();
    let (mut labels, mut counts, mut pieces) = (vec![0u8], Vec::new(), Vec::<u8>::new());
    let mut nodes = VecDeque::from([(sorted.as_slice(), 0)]);
    while let Some((mut group, depth)) = nodes.pop_front() {
        let mut piece = NO_PIECE;
        while let Some(((text, id), rest)) = group.split_first()
            && text.len() == depth
        {
            // The empty piece can never be found; of equal pieces the first counts.
            piece = if depth == 0 { piece } else { piece.min(*id) };
            group = rest;
        }
        pieces.extend(piece.to_le_bytes());
        let children = group.chunk_by(|a, b| a.0[depth] == b.0[depth]);
        let before = labels.len();
        for child in children {
            labels.push(child[0].0[depth]);
            nodes.push_back((child, depth + 1));
        }
        // Distinct bytes of UTF-8 are fewer than 256.
        counts.push((labels.len() - before) as u8);
    }
    let shape = vec![labels.len()];
    let bytes = |bytes| Tensor { dtype: Dtype::U8, shape: shape.clone(), bytes };
    Tensors::from([
        ("labels".to_owned(), bytes(labels)),
        ("child_counts".to_owned(), bytes(counts)),
        ("pieces".to_owned(), Tensor { dtype: Dtype::U32, shape, bytes: pieces }),
    ])
}

fn serialized(file: &'static str, tensors: &Tensors) -> Result<Vec<u8>, EmbedError> {
    let views: Vec<(&String, TensorView<'_>)> = tensors
        .iter()
        .map(|(name, tensor)| Ok((name, TensorView::new(tensor.dtype, tensor.shape.clone(), &tensor.bytes)?)))
        .collect::<Result<_, _>>()
        .map_err(|source| EmbedError::Tensors { file, source })?;
    safetensors::serialize(views, None).map_err(|source| EmbedError::Tensors { file, source })
}

fn read(path: &Path) -> Result<Vec<u8>, EmbedError> {
    fs::read(path).map_err(|source| EmbedError::File { path: path.to_owned(), source })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), EmbedError> {
    fs::write(path, bytes).map_err(|source| EmbedError::File { path: path.to_owned(), source })
}
