//! A sentence transformer out of a local folder, as the libraries of Hugging Face lay it out.
//!
//! Texts → the mean of the last layer's vectors, or the first one, as the folder's pooling says (Reimers and Gurevych 2019,
//! "Sentence-BERT"), and where the folder has one through a dense layer behind it. Invariant: a text's vector does not depend on the texts
//! that are computed with it, but for rounding: padding is masked.

use std::fs;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use candle_nn::{Linear, Module, VarBuilder, linear_b};
use candle_transformers::models::{bert, xlm_roberta};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokenizers::{Tokenizer, TruncationParams};

use super::encoder::{Halves, rounded};
use super::{EmbedError, Encoder};

/// Tokens of a text that are read unless the folder says less: titles, skills and the head of a document.
const MAX_TOKENS: usize = 128;

/// Texts that go through the network together.
const BATCH: usize = 32;

const CONFIG: &str = "config.json";
const TOKENIZER: &str = "tokenizer.json";
const WEIGHTS: &str = "model.safetensors";
const POOLING: &str = "1_Pooling/config.json";
const DENSE: &str = "2_Dense";
const DENSE_CONFIG: &str = "2_Dense/config.json";
const DENSE_WEIGHTS: &str = "2_Dense/model.safetensors";

/// Which folder, and what is put before every text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransformerOptions {
    /// The folder with `config.json`, `tokenizer.json` and `model.safetensors`.
    pub dir: PathBuf,
    /// Put before every text, as some models want it ("query: ").
    pub prefix: String,
}

/// A loaded model.
pub struct Transformer {
    name: String,
    version: String,
    dimensions: usize,
    prefix: String,
    tokenizer: Tokenizer,
    network: Network,
    is_first_token: bool,
    dense: Option<Dense>,
}

enum Network {
    Bert(Box<bert::BertModel>),
    XlmRoberta(Box<xlm_roberta::XLMRobertaModel>),
}

/// The layer behind the pooling.
struct Dense {
    linear: Linear,
    is_bent: bool,
}

#[derive(Deserialize)]
struct DenseShape {
    in_features: usize,
    out_features: usize,
    bias: bool,
    activation_function: String,
}

#[derive(Deserialize)]
struct Kind {
    model_type: String,
    hidden_size: usize,
    max_position_embeddings: usize,
}

#[derive(Default, Deserialize)]
struct Pooling {
    #[serde(default)]
    pooling_mode_cls_token: bool,
    #[serde(default)]
    pooling_mode_mean_tokens: bool,
}

impl Transformer {
    /// Loads the model of a folder.
    ///
    /// # Errors
    ///
    /// [`EmbedError::File`] where a file is missing, [`EmbedError::Transformer`] where it is of another kind than BERT and XLM-RoBERTa, or damaged.
    pub fn open(options: &TransformerOptions) -> Result<Self, EmbedError> {
        let dir = &options.dir;
        let (config, tokenizer, weights) = (read(dir, CONFIG)?, read(dir, TOKENIZER)?, read(dir, WEIGHTS)?);
        let pooling: Pooling = match fs::read(dir.join(POOLING)) {
            Ok(bytes) => parsed(dir, POOLING, &bytes)?,
            Err(_) => Pooling { pooling_mode_mean_tokens: true, ..Pooling::default() },
        };
        if pooling.pooling_mode_cls_token == pooling.pooling_mode_mean_tokens {
            return Err(broken(dir, format!("{POOLING} asks neither for the mean nor for the first token")));
        }
        let kind: Kind = parsed(dir, CONFIG, &config)?;
        let mut content = blake3::Hasher::new();
        for part in [&config, &tokenizer, &weights] {
            content.update(part);
        }
        content.update(&[u8::from(pooling.pooling_mode_cls_token)]).update(options.prefix.as_bytes());
        let dense = dir.join(DENSE).is_dir().then(|| Dense::new(dir, kind.hidden_size, &mut content)).transpose()?;
        let name = dir.file_name().map_or_else(|| kind.model_type.clone(), |name| name.to_string_lossy().into_owned());
        let mut tokenizer = Tokenizer::from_bytes(&tokenizer).map_err(|error| broken(dir, error))?;
        // The first positions of XLM-RoBERTa are not given to tokens.
        let max_length = MAX_TOKENS.min(kind.max_position_embeddings.saturating_sub(2));
        tokenizer
            .with_truncation(Some(TruncationParams { max_length, ..TruncationParams::default() }))
            .map_err(|error| broken(dir, error))?;
        tokenizer.with_padding(None);
        Ok(Self {
            version: format!("{name}-{}", &content.finalize().to_hex()[..8]),
            name,
            dimensions: dense.as_ref().map_or(kind.hidden_size, Dense::dimensions),
            prefix: options.prefix.clone(),
            tokenizer,
            network: Network::new(dir, &kind, &config, weights)?,
            is_first_token: pooling.pooling_mode_cls_token,
            dense,
        })
    }

    fn vectors(&self, texts: &[&str]) -> Result<Vec<Halves>, EmbedError> {
        let texts: Vec<String> = texts.iter().map(|text| format!("{}{text}", self.prefix)).collect();
        let encoded = self.tokenizer.encode_batch(texts, true).map_err(|error| self.failed(error))?;
        let ids: Vec<&[u32]> = encoded.iter().map(tokenizers::Encoding::get_ids).collect();
        // Texts of about the same length go together: little is padded.
        let mut order: Vec<usize> = (0..ids.len()).collect();
        order.sort_by_key(|at| ids[*at].len());
        let mut vectors = vec![Halves::new(); ids.len()];
        for together in order.chunks(BATCH) {
            let batch: Vec<&[u32]> = together.iter().map(|at| ids[*at]).collect();
            let pooled = self.pooled(&batch).map_err(|error| self.failed(error))?;
            for (at, vector) in together.iter().zip(pooled) {
                vectors[*at] = rounded(vector)?;
            }
        }
        Ok(vectors)
    }

    fn pooled(&self, texts: &[&[u32]]) -> candle_core::Result<Vec<Vec<f32>>> {
        let longest = texts.iter().map(|ids| ids.len()).max().unwrap_or(0);
        let shape = (texts.len(), longest);
        let padded = |of: &dyn Fn(&[u32], usize) -> u32| {
            let cells = texts.iter().flat_map(|ids| (0..longest).map(move |at| (*ids, at)));
            Tensor::from_vec(cells.map(|(ids, at)| of(ids, at)).collect(), shape, &Device::Cpu)
        };
        let padding = self.network.padding();
        let ids = padded(&|ids, at| ids.get(at).copied().unwrap_or(padding))?;
        let mask = padded(&|ids, at| u32::from(at < ids.len()))?;
        let states = self.network.forward(&ids, &mask)?;
        let pooled = if self.is_first_token {
            states.narrow(1, 0, 1)?.squeeze(1)?
        } else {
            let mask = mask.to_dtype(DType::F32)?.unsqueeze(2)?;
            states.broadcast_mul(&mask)?.sum(1)?.broadcast_div(&mask.sum(1)?)?
        };
        match &self.dense {
            Some(dense) => dense.forward(&pooled)?.to_vec2(),
            None => pooled.to_vec2(),
        }
    }

    fn failed(&self, error: impl std::fmt::Display) -> EmbedError {
        EmbedError::Transformer { dir: PathBuf::from(&self.name), reason: error.to_string() }
    }
}

impl Dense {
    /// The layer in a folder; what it is made of goes into `content`.
    fn new(dir: &Path, width: usize, content: &mut blake3::Hasher) -> Result<Self, EmbedError> {
        let (config, weights) = (read(dir, DENSE_CONFIG)?, read(dir, DENSE_WEIGHTS)?);
        content.update(&config).update(&weights);
        let shape: DenseShape = parsed(dir, DENSE_CONFIG, &config)?;
        if shape.in_features != width {
            let reason = format!("{DENSE_CONFIG} takes {} components of {width}", shape.in_features);
            return Err(broken(dir, reason));
        }
        let is_bent = match shape.activation_function.rsplit('.').next() {
            Some("Identity") => false,
            Some("Tanh") => true,
            _ => {
                let reason =
                    format!("{DENSE_CONFIG} says {:?}; Identity and Tanh are known", shape.activation_function);
                return Err(broken(dir, reason));
            }
        };
        let variables = VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu);
        let variables = variables.map_err(|error| broken(dir, error))?.pp("linear");
        let linear = linear_b(width, shape.out_features, shape.bias, variables).map_err(|error| broken(dir, error))?;
        Ok(Self { linear, is_bent })
    }

    fn dimensions(&self) -> usize {
        self.linear.weight().dims()[0]
    }

    fn forward(&self, pooled: &Tensor) -> candle_core::Result<Tensor> {
        let outputs = self.linear.forward(pooled)?;
        if self.is_bent { outputs.tanh() } else { Ok(outputs) }
    }
}

impl Network {
    fn new(dir: &Path, kind: &Kind, config: &[u8], weights: Vec<u8>) -> Result<Self, EmbedError> {
        let variables = VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu);
        let variables = variables.map_err(|error| broken(dir, error))?;
        match kind.model_type.as_str() {
            "bert" => {
                let network = bert::BertModel::load(variables, &parsed(dir, CONFIG, config)?);
                Ok(Self::Bert(Box::new(network.map_err(|error| broken(dir, error))?)))
            }
            "xlm-roberta" => {
                let network = xlm_roberta::XLMRobertaModel::new(&parsed(dir, CONFIG, config)?, variables);
                Ok(Self::XlmRoberta(Box::new(network.map_err(|error| broken(dir, error))?)))
            }
            other => Err(broken(dir, format!("{CONFIG} says {other:?}; bert and xlm-roberta are known"))),
        }
    }

    /// The token that fills up what is shorter.
    fn padding(&self) -> u32 {
        match self {
            Self::Bert(_) => 0,
            Self::XlmRoberta(_) => 1,
        }
    }

    fn forward(&self, ids: &Tensor, mask: &Tensor) -> candle_core::Result<Tensor> {
        let kinds = ids.zeros_like()?;
        match self {
            Self::Bert(network) => network.forward(ids, &kinds, Some(mask)),
            Self::XlmRoberta(network) => network.forward(ids, mask, &kinds, None, None, None),
        }
    }
}

impl Encoder for Transformer {
    fn version(&self) -> &str {
        &self.version
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn encode(&self, forms: &[&str]) -> Result<Vec<Halves>, EmbedError> {
        self.vectors(forms)
    }

    fn encode_query(&self, form: &str) -> Result<Halves, EmbedError> {
        Ok(self.vectors(&[form])?.swap_remove(0))
    }

    fn encode_now(&self, forms: &[&str]) -> Result<Vec<Halves>, EmbedError> {
        self.vectors(forms)
    }
}

fn read(dir: &Path, file: &str) -> Result<Vec<u8>, EmbedError> {
    let path = dir.join(file);
    fs::read(&path).map_err(|source| EmbedError::File { path, source })
}

fn parsed<T: DeserializeOwned>(dir: &Path, file: &str, bytes: &[u8]) -> Result<T, EmbedError> {
    serde_json::from_slice(bytes).map_err(|error| broken(dir, format!("{file}: {error}")))
}

fn broken(dir: &Path, reason: impl std::fmt::Display) -> EmbedError {
    EmbedError::Transformer { dir: dir.to_owned(), reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::super::UnitVector;
    use super::*;

    fn options(dir: &Path) -> TransformerOptions {
        TransformerOptions { dir: dir.to_owned(), prefix: String::new() }
    }

    fn error(dir: &Path) -> String {
        Transformer::open(&options(dir)).err().unwrap().to_string()
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Transformer::open(&options(folder.path())), Err(EmbedError::File { .. })));
        for file in [TOKENIZER, WEIGHTS] {
            fs::write(folder.path().join(file), "").unwrap();
        }
        fs::write(folder.path().join(CONFIG), "{}").unwrap();
        assert!(error(folder.path()).contains(CONFIG), "{}", error(folder.path()));
        let config = r#"{"model_type": "gpt2", "hidden_size": 8, "max_position_embeddings": 16}"#;
        fs::write(folder.path().join(CONFIG), config).unwrap();
        fs::create_dir(folder.path().join("1_Pooling")).unwrap();
        fs::write(folder.path().join(POOLING), r#"{"pooling_mode_max_tokens": true}"#).unwrap();
        assert!(error(folder.path()).contains("neither for the mean nor"), "{}", error(folder.path()));
    }

    /// A layer behind the pooling, of two components each way.
    fn dense(activation: &str, width: usize) -> Result<Dense, EmbedError> {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(DENSE)).unwrap();
        let config = format!(
            r#"{{"in_features": 2, "out_features": 2, "bias": true, "activation_function": "torch.nn.modules.{activation}"}}"#
        );
        fs::write(folder.path().join(DENSE_CONFIG), config).unwrap();
        let tensor = |values: &[f32], shape: &[usize]| Tensor::from_slice(values, shape, &Device::Cpu).unwrap();
        let tensors = [
            ("linear.weight".to_owned(), tensor(&[1.0, 2.0, 0.0, -1.0], &[2, 2])),
            ("linear.bias".to_owned(), tensor(&[0.5, 0.0], &[2])),
        ];
        candle_core::safetensors::save(&tensors.into(), folder.path().join(DENSE_WEIGHTS)).unwrap();
        Dense::new(folder.path(), width, &mut blake3::Hasher::new())
    }

    #[test]
    fn a_layer_behind_the_pooling_is_applied() {
        let pooled = Tensor::from_slice(&[3.0_f32, 4.0], (1, 2), &Device::Cpu).unwrap();
        let outputs = |dense: Dense| dense.forward(&pooled).unwrap().to_vec2::<f32>().unwrap();
        assert_eq!(outputs(dense("linear.Identity", 2).unwrap()), [[11.5, -4.0]]);
        let bent = outputs(dense("activation.Tanh", 2).unwrap());
        assert!((bent[0][0] - 1.0).abs() < 1e-6 && (bent[0][1] + 4.0_f32.tanh().abs()).abs() < 1e-6, "{bent:?}");
        let reason = |dense: Result<Dense, EmbedError>| dense.err().unwrap().to_string();
        assert!(reason(dense("linear.Identity", 3)).contains("takes 2 components of 3"));
        assert!(reason(dense("activation.ReLU", 2)).contains("Identity and Tanh are known"));
    }

    #[test]
    fn a_text_has_the_same_vector_alone_and_in_a_batch() {
        let Some(dir) = std::env::var_os("LODESTONE_TRANSFORMER") else { return };
        let model = Transformer::open(&options(Path::new(&dir))).unwrap();
        let texts =
            ["registered nurse", "icu nurse", "a baker of bread who has worked in many towns for many years", ""];
        let unit = |halves: &Halves| UnitVector::from_halves(halves).unwrap();
        let together: Vec<UnitVector> = model.encode(&texts).unwrap().iter().map(unit).collect();
        for (text, vector) in texts.iter().zip(&together) {
            assert_eq!(vector.dimensions(), model.dimensions());
            assert!(unit(&model.encode_query(text).unwrap()).cosine(vector) > 0.9999, "{text}");
        }
        assert!(together[0].cosine(&together[1]) > together[0].cosine(&together[2]) + 0.1);
    }
}
