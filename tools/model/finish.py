"""Finishes a trained encoder: its head tells concepts apart by what labels of one concept do not share, and how texts are spelt stands beside it.

Input: a folder that train.py wrote, and the labels that it was trained on. Output: the same with a head of fewer columns, and the weights of
runs of letters (spelling.py). The head's outputs are multiplied by the covariance of labels around the means of their concepts to the power
of minus a quarter (half of within-class covariance normalisation: Hatch, Kajarekar and Stolcke 2006, Interspeech), then turned so that the
first columns hold the most, of which the first are kept.

    python3 tools/model/finish.py --data DIR --from DIR --out DIR [--hold-out] [--lodestone PROGRAM]

With --hold-out the concepts that `train.py --hold-out` leaves out are left out here, too.
"""

from functools import partial
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file
from spelling import Spelling
from tokenizers import Tokenizer
from train import FROZEN, SOURCE, Reader, Texts, embed, left_out, measure, read_labels, recipe, write

#: Columns of the finished head.
COLUMNS = 160
#: The power of the standard deviation around a concept that is taken out: 1 would take it all.
POWER = 0.5
#: Labels of a concept that are looked at.
MOST_LABELS = 16
#: Variances below this share of the greatest count as this.
LEAST_VARIANCE = 1e-3


def around_concepts(labels, leave_out):
    """Some labels of each occupation, and the number of each one's occupation."""
    random, texts, concepts = np.random.default_rng(0), [], []
    names = sorted(name for name, own in labels.of.items() if "/occupation/" in name and len(own) > 1 and not leave_out(name))
    for number, name in enumerate(names):
        own = list(labels.of[name])
        some = random.permutation(len(own))[:MOST_LABELS]
        texts += [own[at] for at in some]
        concepts += [number] * len(some)
    return texts, np.array(concepts)


def sharpened(outputs, concepts):
    """What the outputs of the head are multiplied by."""
    count = np.bincount(concepts)
    means = np.zeros((len(count), outputs.shape[1]))
    np.add.at(means, concepts, outputs)
    apart = outputs - (means / count[:, None])[concepts]
    variances, directions = np.linalg.eigh(apart.T @ apart / len(outputs))
    variances = np.maximum(variances, variances.max() * LEAST_VARIANCE)
    within = directions @ np.diag(variances ** (-POWER / 2)) @ directions.T
    turned = outputs @ within
    turned /= np.linalg.norm(turned, axis=1, keepdims=True)
    _, directions = np.linalg.eigh(turned.T @ turned)
    kept = directions[:, ::-1][:, :COLUMNS]
    # The sign of an eigenvector is nobody's choice but this.
    kept = kept * np.sign(kept[np.abs(kept).argmax(0), np.arange(COLUMNS)])
    return within @ kept


def main():
    parser = recipe(__doc__, "folder with esco/, onet/ and model/use-multilingual-v3/", "folder that the finished model goes to, as `lodestone model pack --from` reads it")
    parser.add_argument("--from", dest="source", type=Path, required=True, help="folder that train.py wrote")
    arguments = parser.parse_args()
    published = arguments.data / SOURCE
    model = load_file(arguments.source / "model.safetensors")
    weights = {name: jnp.asarray(value) for name, value in model.items() if name not in FROZEN}
    texts, eps = Texts(model, Tokenizer.from_file(str(published / "tokenizer.json"))), float(model["eps"][0])
    reader = Reader(arguments.lodestone)
    labels = read_labels(arguments.data, reader)
    leave_out = left_out(arguments)
    some, concepts = around_concepts(labels, leave_out)
    # Vectors of length one are what the head's outputs are but for a factor each, which its covariance hardly minds.
    outputs = embed(weights, eps, texts, some).astype(np.float64)
    by = sharpened(outputs, concepts)
    weights["job_head.W"] = jnp.asarray(np.asarray(weights["job_head.W"], np.float64) @ by, jnp.float32)
    weights["job_head.b"] = jnp.asarray(np.asarray(weights["job_head.b"], np.float64) @ by, jnp.float32)
    spelt = [text for concept, own in labels.of.items() if not leave_out(concept) for text in own]
    texts.spelling = Spelling.of(spelt)
    print(f"{len(some)} labels of {concepts.max() + 1} occupations, runs of letters of {len(spelt)} labels", flush=True)
    write({**model, "spelling": texts.spelling.table}, weights, published, arguments.out)
    measure(partial(embed, weights, eps, texts), reader, arguments.data, True)


if __name__ == "__main__":
    main()
