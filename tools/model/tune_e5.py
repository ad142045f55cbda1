"""Trains multilingual-e5-small on titles and skills, for `--embedder`: better than the built-in model at titles that nobody labelled, and much slower.

Input: a folder that widen_e5.py wrote, and labels of ESCO and O*NET. Output: a folder of the same layout, with a linear layer of 256
components behind the pooling. Pairs, loss and languages are those of train.py; the token vectors stay as they are. 120 steps
of 320 pairs take 12 minutes on two cores, and 7 GB.

    python tools/model/tune_e5.py --data DIR --e5 DIR --out DIR [--hold-out] [--steps N] [--lodestone PROGRAM]

With --hold-out the concepts that `train.py --hold-out` leaves out are left out here, too, and what the model does on them is printed
at the end. Needs what train.py needs, and torch.
"""

import json
import shutil
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from train import Batches, Reader, add_training, left_out, measure, read_labels, recipe, same_things

#: Components of a vector.
COLUMNS = 256
#: Tokens of a text that are trained on, marks included.
MOST_TOKENS = 24
WARM_UP = 20
#: What cosines are multiplied by in the loss.
SCALE = 20.0
#: The token vectors, which are not trained.
WORDS = "embeddings.word_embeddings.weight"


class Texts:
    """Texts as token ids."""

    def __init__(self, folder):
        self.tokenizer, self.known = Tokenizer.from_file(str(folder / "tokenizer.json")), {}
        self.tokenizer.enable_truncation(MOST_TOKENS)

    def laid_out(self, given):
        """Ids in rows of the longest, and how many of each row count."""
        fresh = [text for text in dict.fromkeys(given) if text not in self.known]
        self.known.update((text, encoding.ids) for text, encoding in zip(fresh, self.tokenizer.encode_batch(fresh)))
        rows = [self.known[text] for text in given]
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        for at, row in enumerate(rows):
            ids[at, : len(row)] = row
        return torch.from_numpy(ids), torch.tensor([len(row) for row in rows])


class Encoder(torch.nn.Module):
    """A BERT model by the names of its file, and a linear layer on the mean of its last states."""

    def __init__(self, folder):
        super().__init__()
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.layers, self.heads, self.epsilon = config["num_hidden_layers"], config["num_attention_heads"], config["layer_norm_eps"]
        self.file = load_file(folder / "model.safetensors")
        # What a name is not allowed to hold stands for a point.
        self.own = torch.nn.ParameterDict({name.replace(".", "-"): torch.nn.Parameter(value.clone()) for name, value in self.file.items() if name != WORDS})
        self.width = len(self.own["embeddings-LayerNorm-weight"])
        self.dense = torch.nn.Linear(self.width, COLUMNS)

    def of(self, name):
        return self.own[f"{name}-weight"], self.own[f"{name}-bias"]

    def forward(self, ids, lengths):
        count, longest = ids.shape
        mask = torch.arange(longest)[None] < lengths[:, None]
        told = mask.reshape(-1).nonzero()[:, 0]
        norm = lambda rows, name: functional.layer_norm(rows, (self.width,), *self.of(name), self.epsilon)
        spread = lambda own: own.new_zeros(count * longest, self.width).index_copy(0, told, own).view(count, longest, self.heads, -1).transpose(1, 2)
        words = functional.embedding(ids.reshape(-1)[told], self.file[WORDS])
        places = self.own["embeddings-position_embeddings-weight"][told % longest] + self.own["embeddings-token_type_embeddings-weight"][0]
        rows = norm(words + places, "embeddings-LayerNorm")
        bias = torch.zeros(count, 1, 1, longest).masked_fill(~mask[:, None, None], -1e9)
        for at in range(self.layers):
            layer = f"encoder-layer-{at}-"
            linear = lambda given, name: functional.linear(given, *self.of(layer + name))
            asked = (spread(linear(rows, f"attention-self-{part}")) for part in ["query", "key", "value"])
            mixed = functional.scaled_dot_product_attention(*asked, attn_mask=bias).transpose(1, 2).reshape(count * longest, self.width)[told]
            rows = norm(rows + linear(mixed, "attention-output-dense"), layer + "attention-output-LayerNorm")
            inner = functional.gelu(linear(rows, "intermediate-dense"))
            rows = norm(rows + linear(inner, "output-dense"), layer + "output-LayerNorm")
        means = torch.zeros(count, self.width).index_add(0, told // longest, rows) / lengths[:, None]
        return functional.normalize(self.dense(means), dim=1)

    def embed(self, texts, given):
        """Vectors of texts as they were read."""
        order = sorted(range(len(given)), key=lambda at: len(given[at]))
        found = np.zeros((len(given), COLUMNS), np.float32)
        with torch.no_grad():
            for start in range(0, len(order), 512):
                part = order[start : start + 512]
                found[part] = self(*texts.laid_out([given[at] for at in part])).numpy()
        return found

    def write(self, source, to):
        """The folder that `--embedder` reads."""
        (to / "1_Pooling").mkdir(parents=True, exist_ok=True)
        (to / "2_Dense").mkdir(exist_ok=True)
        for file in ["config.json", "tokenizer.json", "1_Pooling/config.json"]:
            shutil.copyfile(source / file, to / file)
        trained = {name.replace("-", "."): value.detach().contiguous() for name, value in self.own.items()}
        save_file({**self.file, **trained}, to / "model.safetensors")
        save_file({f"linear.{name}": value.detach().contiguous() for name, value in self.dense.named_parameters()}, to / "2_Dense/model.safetensors")
        shape = {"in_features": self.width, "out_features": COLUMNS, "bias": True, "activation_function": "torch.nn.modules.linear.Identity"}
        (to / "2_Dense/config.json").write_text(json.dumps(shape) + "\n", encoding="utf-8")


def train(encoder, texts, batches, arguments):
    groups = [{"params": list(encoder.own.parameters()), "rate": arguments.rate}, {"params": list(encoder.dense.parameters()), "rate": arguments.dense_rate}]
    optimizer = torch.optim.AdamW([{"lr": group["rate"], **group} for group in groups], betas=(0.9, 0.98), weight_decay=0.01)
    started, losses = time.time(), []
    for at in range(arguments.steps):
        ones, others, alike = batches.next(arguments.pairs)
        logits = SCALE * encoder(*texts.laid_out(ones)) @ encoder(*texts.laid_out(others)).T
        logits = logits.masked_fill(torch.from_numpy(alike) > 0, -1e9)
        own = torch.arange(len(ones))
        loss = (functional.cross_entropy(logits, own) + functional.cross_entropy(logits.T, own)) / 2
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * min(1.0, (at + 1) / WARM_UP) * max(0.02, 1 - at / arguments.steps)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        if at % 25 == 24:
            print(f"step {at + 1}: loss {np.mean(losses[-25:]):.3f}, {time.time() - started:.0f} s", flush=True)


def main():
    parser = recipe(__doc__, "folder with esco/ and onet/, and for the measuring titles/, melo/ and job-titles-to-esco/", "folder that the trained model goes to, as `--embedder` reads it")
    add_training(parser, steps=120, pairs=320)
    parser.add_argument("--e5", type=Path, required=True, help="folder that widen_e5.py wrote")
    parser.add_argument("--rate", type=float, default=1.2e-4, help="learning rate of the layers")
    parser.add_argument("--dense-rate", type=float, default=1e-3, help="learning rate of the linear layer")
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    texts, reader, encoder = Texts(arguments.e5), Reader(arguments.lodestone), Encoder(arguments.e5)
    labels = read_labels(arguments.data, reader)
    train(encoder, texts, Batches(labels, same_things(arguments.data), left_out(arguments), arguments.cross, 0.0, arguments.seed), arguments)
    encoder.write(arguments.e5, arguments.out)
    measure(lambda given: encoder.embed(texts, given), reader, arguments.data, True)


if __name__ == "__main__":
    main()
