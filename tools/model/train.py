"""Trains the encoder of the built-in model on occupations and skills.

Input: the published model (`model.safetensors`, `tokenizer.json`) and labels of ESCO and O*NET. Output: a model of the same
tensors and shapes. What is trained: the convolutions, the dense layers and the linear head; the token vectors stay. Loss:
InfoNCE in both directions over pairs of labels of one concept (van den Oord, Li, Vinyals 2018), of any languages. Some pairs
are of an occupation of ESCO and of a class of O*NET that is crossed with it: English titles as people give them, against
labels of any language, and a likeness that is wider than one concept.

    python3 tools/model/train.py --data DIR --out DIR [--hold-out] [--steps N] [--seed N]
    python3 tools/model/train.py --data DIR --out DIR --average DIR...

With --hold-out the concepts whose URI has an MD5 digest divisible by five (read as one number) are left out, and what the
model does on them is printed at the end. Needs: jax, numpy, safetensors, tokenizers (README.md beside this file).
"""

import argparse
import collections
import csv
import hashlib
import json
import re
import shutil
import subprocess
import time
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file, save_file
from spelling import Spelling
from tokenizers import Tokenizer

BRANCH, CLASSES = 256, 17
WINDOWS = [(2, 0), (3, 1), (5, 2)]
#: Rows of zeros between two texts that lie one after the other, so that no window reaches across.
GAP = 2
MOST_TOKENS = 18
SOURCE = "model/use-multilingual-v3"
FROZEN = {"table", "scale", "lo", "bits", "eps", "spelling"}
#: How often a language is drawn against one that is not here.
WEIGHT = {"en": 4.0, "de": 2.5, "es": 2.5, "fr": 2.5, "it": 2.5, "nl": 2.0, "pt": 2.0, "pl": 1.5}


def is_held_out(uri):
    return int(hashlib.md5(uri.encode()).hexdigest(), 16) % 5 == 0


class Reader:
    """Texts as the program reads them before they become tokens: in canonical form, of one gender (src/text/one_gender.rs)."""

    def __init__(self, lodestone):
        self.lodestone, self.known = lodestone, {}

    def __call__(self, given):
        given = [" ".join(text.split()) for text in given]
        fresh = list(dict.fromkeys(text for text in given if text not in self.known))
        if fresh:
            command = [self.lodestone, "model", "read"]
            told = subprocess.run(command, input="".join(text + "\n" for text in fresh), stdout=subprocess.PIPE, encoding="utf-8", check=True)
            read = told.stdout.split("\n")[:-1]
            assert len(read) == len(fresh), f"{len(fresh)} texts were given to {self.lodestone}, {len(read)} came back"
            self.known.update(zip(fresh, read))
        return [self.known[text] for text in given]


# ---------------------------------------------------------------------------------------------------------- labels


def rows(path, delimiter=","):
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def lines(cell):
    return [line.strip() for line in (cell or "").replace("|", "\n").split("\n") if line.strip()]


class Labels:
    """Concept -> its labels with their languages; occupation -> its unit group of ISCO."""

    def __init__(self):
        self.given = []
        self.of = collections.defaultdict(dict)
        self.family = {}

    def add(self, concept, label, language):
        self.given.append((concept, label, language))

    def read(self, reader):
        texts = reader([label for _, label, _ in self.given])
        for (concept, _, language), text in zip(self.given, texts):
            if text:
                self.of[concept].setdefault(text, language)
        return self


def read_labels(data, reader):
    labels = Labels()
    for row in rows(data / "esco/labels.tsv", "\t"):
        if "/occupation/" in row["conceptUri"]:
            labels.add(row["conceptUri"], row["label"], row["language"])
    for language in ["en", "de", "es"]:
        for file in sorted((data / f"esco/{language}").glob("*.csv")):
            if "elations" in file.name or "ierarchy" in file.name:
                continue
            for row in rows(file):
                uri = row.get("conceptUri", "")
                if "/occupation/" in uri or "/skill/" in uri:
                    for label in lines(row["preferredLabel"]) + lines(row.get("altLabels")):
                        labels.add(uri, label, language)
                if "/occupation/" in uri and row.get("iscoGroup"):
                    labels.family[uri] = row["iscoGroup"]
    for row in rows(data / "esco/skills_en_text.csv"):
        # The label comes first, then its other labels and a description without a mark between them.
        words = row["description"].split()
        labels.add(row["id"], " ".join(words[:14]), "en")
    for name, column in [("alternate_titles", "Alternate Title"), ("sample_of_reported_titles", "Reported Job Title")]:
        for row in rows(data / f"onet/{name}.txt", "\t"):
            labels.add("onet:" + row["O*NET-SOC Code"], re.sub(r"\s*\([^)]*\)$", "", row[column]), "en")
    for row in rows(data / "onet/technology_skills.txt", "\t"):
        labels.add("tech:" + row["Example"], row["Example"], "en")
        labels.add("tech:" + row["Example"], row["Commodity Title"], "en")
    return labels.read(reader)


def same_things(data):
    """Groups of concepts of which none is a wrong answer for another: an occupation of ESCO and its classes of O*NET."""
    same = collections.defaultdict(set)
    for row in rows(data / "onet/esco_onet_crosswalk.csv"):
        esco, onet = row["concept_uri"], "onet:" + row["onet_code"]
        same[esco].add(onet)
        same[onet].add(esco)
    return same


# ----------------------------------------------------------------------------------------------------------- model


def layer_norm(rows, gain, bias, eps):
    mean = rows.mean(-1, keepdims=True)
    variance = ((rows - mean) ** 2).mean(-1, keepdims=True)
    return (rows - mean) * jax.lax.rsqrt(variance + eps) * gain + bias


def shifted(rows, by):
    """Row i of the result is row i + by."""
    if by == 0:
        return rows
    empty = jnp.zeros((abs(by), rows.shape[1]), rows.dtype)
    return jnp.concatenate([rows[by:], empty]) if by > 0 else jnp.concatenate([empty, rows[:by]])


def encode(weights, eps, vectors, mask, text, count):
    """Token vectors of many texts, one after the other, GAP apart -> vectors of length one (count x columns of the head).

    `text` is the number of each row's text, `count` for rows between texts."""
    projections = jnp.concatenate([weights[f"proj{n}"] for n, _ in WINDOWS], 1)
    bias, gain, offset = (jnp.concatenate([weights[f"{k}{n}"] for n, _ in WINDOWS]) for k in ["proj_b", "ln_g", "ln_b"])
    x = layer_norm(vectors @ projections + bias, gain, offset, eps) * mask
    branches = []
    for at, (n, left) in enumerate(WINDOWS):
        own = x[:, at * BRANCH : (at + 1) * BRANCH]
        window = lambda rows: jnp.concatenate([shifted(rows, k - left) for k in range(n)], 1)
        hidden = (jax.nn.relu(window(own) @ weights[f"w1_{n}"] + weights[f"b1_{n}"]) + own) * mask
        branches.append((jax.nn.relu(window(hidden) @ weights[f"w2_{n}"] + weights[f"b2_{n}"]) + hidden) * mask)
    features = layer_norm(jnp.concatenate([vectors] + branches, 1), weights["ln_g"], weights["ln_b"], eps) * mask
    sums = jax.ops.segment_sum(features, text, count + 1)[:count]
    length = jax.ops.segment_sum(mask[:, 0], text, count + 1)[:count, None]
    s = (sums @ weights["cnn_W"] + length * weights["cnn_b"]) / jnp.sqrt(jnp.maximum(length, 1.0))
    a0 = jax.nn.relu(s @ weights["d0"])
    a1 = jax.nn.relu(s @ weights["p1"] + a0 @ weights["d1"])
    a2 = jax.nn.relu(a1 @ weights["d2"])
    z = jnp.tanh(a1 @ weights["p3"] + a2 @ weights["d3"])
    return unit(unit(z) @ weights["job_head.W"] + weights["job_head.b"])


def unit(rows):
    return rows * jax.lax.rsqrt((rows**2).sum(1, keepdims=True) + 1e-12)


class Texts:
    """Texts as token ids, and their vectors from the frozen table."""

    def __init__(self, model, tokenizer):
        table = model["table"].astype(np.float32)
        remainder = np.arange(len(table)) % CLASSES
        self.table = (table * model["scale"][remainder][:, None] + model["lo"][remainder][:, None]).astype(np.float32)
        self.tokenizer, self.known = tokenizer, {}
        self.spelling = Spelling(model["spelling"]) if "spelling" in model else None

    def learn(self, texts):
        fresh = [text for text in texts if text not in self.known]
        for text, encoding in zip(fresh, self.tokenizer.encode_batch(fresh, add_special_tokens=False)):
            self.known[text] = [1, *(encoding.ids[: MOST_TOKENS - 2] or [0]), 2]

    def laid_out(self, texts, room):
        """The first texts that there is room for: ids, mask, text numbers, and how many they are."""
        ids, mask, number = np.zeros(room, np.int64), np.zeros((room, 1), np.float32), np.full(room, len(texts), np.int32)
        at = taken = 0
        for text in texts:
            own = self.known[text]
            if at + len(own) > room:
                break
            ids[at : at + len(own)] = own
            mask[at : at + len(own)] = 1
            number[at : at + len(own)] = taken
            at, taken = at + len(own) + GAP, taken + 1
        return self.table[ids] * mask, mask, number, taken


# -------------------------------------------------------------------------------------------------------- training


class Batches:
    """Pairs of labels of one concept. A quarter of each batch is of few unit groups of ISCO: hard to tell apart."""

    def __init__(self, labels, same, leave_out, cross, cut, seed):
        self.random = np.random.default_rng(seed)
        self.same, self.cross, self.cut = same, cross, cut
        concepts = {c: list(l.items()) for c, l in labels.of.items() if len(l) > 1 and not leave_out(c)}
        self.labels = concepts
        self.names = sorted(concepts)
        self.crossed = {name: sorted(other for other in same.get(name, ()) if other in concepts) for name in self.names}
        self.by_language = {name: self.languages(concepts[name]) for name in self.names}
        many = np.array([min(len(concepts[name]), 64) for name in self.names], float)
        kind = np.array([{"http": 1.0, "onet": 1.0, "tech": 0.15}[name[:4]] * (0.35 if "/skill/" in name else 1.0) for name in self.names])
        self.chance = many**0.75 * kind
        self.chance /= self.chance.sum()
        self.families = collections.defaultdict(list)
        for name in self.names:
            if name in labels.family:
                self.families[labels.family[name]].append(name)
        self.family_names = sorted(f for f, own in self.families.items() if len(own) > 3)

    @staticmethod
    def languages(labels):
        """Language -> texts, and how often each language is drawn."""
        texts = collections.defaultdict(list)
        for text, language in labels:
            texts[language].append(text)
        names = sorted(texts)
        weight = np.array([WEIGHT.get(name, 1.0) for name in names])
        return texts, names, weight / weight.sum()

    def one_of(self, texts):
        return texts[self.random.integers(len(texts))]

    def pair(self, concept):
        """Two texts, and the concept of the second one: this one, or one that is crossed with it."""
        texts, names, chance = self.by_language[concept]
        first, second = self.random.choice(names, 2, p=chance)
        if self.random.random() < 0.4:
            second = first
        one = self.one_of(texts[first])
        if self.crossed[concept] and self.random.random() < self.cross:
            concept = self.one_of(self.crossed[concept])
            texts, names, chance = self.by_language[concept]
            other = self.one_of(texts[self.random.choice(names, p=chance)])
        else:
            others = [text for text in texts[second] if text != one]
            other = self.one_of(others or [text for text, _ in self.labels[concept] if text != one])
        return self.varied(one), self.varied(other), concept

    def varied(self, text):
        """One side of "Krankenpfleger/Krankenschwester", a text without one of its words, or its first ones alone, now and then."""
        if "/" in text and self.random.random() < 0.7:
            sides = [side.strip() for side in text.split("/") if len(side.strip()) > 3]
            if len(sides) > 1:
                text = sides[self.random.integers(len(sides))]
        words = text.split()
        if len(words) > 2 and self.random.random() < 0.1:
            words.pop(self.random.integers(len(words)))
        if len(words) > 3 and self.cut and self.random.random() < self.cut:
            words = words[: self.random.integers(2, len(words))]
        return " ".join(words)

    def next(self, size):
        hard = size // 4
        chosen = list(self.random.choice(len(self.names), size - hard, replace=False, p=self.chance))
        chosen = [self.names[at] for at in chosen]
        while len(chosen) < size:
            family = self.families[self.family_names[self.random.integers(len(self.family_names))]]
            chosen.extend(self.random.permutation(family)[:8])
        chosen = list(dict.fromkeys(chosen))[:size]
        while len(chosen) < size:
            chosen.append(self.names[self.random.choice(len(self.names), p=self.chance)])
        pairs = [self.pair(concept) for concept in chosen]
        at = collections.defaultdict(list)
        for index, (_, _, concept) in enumerate(pairs):
            at[concept].append(index)
        alike = np.zeros((size, size), np.float32)
        for index, concept in enumerate(chosen):
            for other in [concept, *self.same.get(concept, ())]:
                alike[index, at.get(other, [])] = 1
        np.fill_diagonal(alike, 0)
        return [one for one, _, _ in pairs], [other for _, other, _ in pairs], alike


def loss_of(weights, eps, one, other, alike, keep, scale):
    size = alike.shape[0]
    cosines = encode(weights, eps, *one, size) @ encode(weights, eps, *other, size).T
    logits = jnp.where(alike > 0, -1e9, scale * cosines)
    loss = lambda logits: jnp.sum(keep * (jax.nn.logsumexp(jnp.where(keep > 0, logits, -1e9), 1) - jnp.diagonal(logits)))
    return (loss(logits) + loss(logits.T)) / (2 * jnp.sum(keep))


def train(model, labels, same, texts, reader, leave_out, arguments):
    weights = {name: jnp.asarray(value) for name, value in model.items() if name not in FROZEN}
    published = dict(weights)
    eps = float(model["eps"][0])
    batches = Batches(labels, same, leave_out, arguments.cross, arguments.cut, arguments.seed)
    print(f"{len(batches.names)} concepts with several labels, {sum(map(len, batches.labels.values()))} labels", flush=True)
    size, room = arguments.pairs, arguments.pairs * 11

    @jax.jit
    def step(weights, first, second, at, one, other, alike, keep):
        loss, gradient = jax.value_and_grad(loss_of)(weights, eps, one, other, alike, keep, arguments.scale)
        done = at / arguments.steps
        decay = jnp.minimum(1.0, (at + 1) / 50) * jnp.maximum(0.02, 1 - done)
        updated = {}
        for name, value in weights.items():
            first[name] = 0.9 * first[name] + 0.1 * gradient[name]
            second[name] = 0.98 * second[name] + 0.02 * gradient[name] ** 2
            mean, square = first[name] / (1 - 0.9 ** (at + 1)), second[name] / (1 - 0.98 ** (at + 1))
            rate = arguments.head_rate if name.startswith("job_head") else arguments.rate
            updated[name] = value - rate * decay * mean / (jnp.sqrt(square) + 1e-8)
            # What the published model knows of other texts is not forgotten (L2-SP: Li, Grandvalet, Davoine 2018).
            if not name.startswith("job_head"):
                updated[name] -= rate * decay * arguments.stay * (value - published[name])
        return updated, first, second, loss

    first, second = ({name: jnp.zeros_like(value) for name, value in weights.items()} for _ in range(2))
    started, losses = time.time(), []
    for at in range(arguments.steps):
        ones, others, alike = batches.next(size)
        texts.learn(ones + others)
        one, other = texts.laid_out(ones, room), texts.laid_out(others, room)
        keep = (np.arange(size) < min(one[3], other[3])).astype(np.float32)
        weights, first, second, loss = step(weights, first, second, float(at), one[:3], other[:3], alike, keep)
        losses.append(float(loss))
        if at % 50 == 49:
            print(f"step {at + 1}: loss {np.mean(losses[-50:]):.3f}, {time.time() - started:.0f} s", flush=True)
        if arguments.every and at % arguments.every == arguments.every - 1:
            measure(partial(embed, weights, eps, texts), reader, arguments.data, False)
            write(model, weights, arguments.data / SOURCE, arguments.out)
    return weights


# ------------------------------------------------------------------------------------------------------- measuring


@jax.jit
def encode_512(weights, eps, vectors, mask, text):
    return encode(weights, eps, vectors, mask, text, 512)


def embed(weights, eps, texts, given):
    """Vectors of texts as they were read."""
    texts.learn(given)
    order = sorted(range(len(given)), key=lambda at: len(texts.known[given[at]]))
    found = np.zeros((len(given), len(weights["job_head.b"])), np.float32)
    at = 0
    while at < len(order):
        part = [given[place] for place in order[at : at + 512]]
        vectors, mask, number, taken = texts.laid_out(part + [part[-1]] * (512 - len(part)), 8192)
        taken = min(taken, len(part))
        found[order[at : at + taken]] = np.asarray(encode_512(weights, eps, vectors, mask, number))[:taken]
        at += taken
    return texts.spelling.beside(found, given) if texts.spelling else found


def table(path, columns=2):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t")[:columns] for line in file if line.strip()]


def average_precision(relevant, ranked, depth=300):
    hits, total = 0, 0.0
    for rank, document in enumerate(ranked[:depth], 1):
        if document in relevant:
            hits += 1
            total += hits / rank
    return total / len(relevant)


def ranked_ids(scores, ids, depth=3000):
    best = np.argsort(-scores, kind="stable")[:depth]
    return list(dict.fromkeys(ids[at] for at in best))


def measure(embed_read, reader, data, with_melo):
    """Cosines alone on the judged sets; `embed_read` gives the vectors of texts as they were read."""
    for language in ["en", "de", "es"]:
        folder = data / f"titles/{language}"
        corpus, queries = table(folder / "corpus_documents.tsv"), table(folder / "queries.tsv")
        relevant = collections.defaultdict(set)
        for query, _, document, grade in (line.split() for line in open(folder / "annotations.tsv")):
            if int(float(grade)) > 0:
                relevant[query].add(document)
        ids = [row[0] for row in corpus]
        scores = embed_read(reader([row[1] for row in queries])) @ embed_read(reader([row[1] for row in corpus])).T
        even = np.array([int(hashlib.md5(row[1].encode()).hexdigest(), 16) % 2 == 0 for row in queries])
        values = np.array([average_precision(relevant[row[0]], ranked_ids(s, ids)) if relevant[row[0]] else np.nan
                           for row, s in zip(queries, scores)])
        print(f"titles {language}: all {100 * np.nanmean(values):.1f}, even {100 * np.nanmean(values[even]):.1f}, "
              f"odd {100 * np.nanmean(values[~even]):.1f}", flush=True)
    if not with_melo:
        return
    vectors = {}

    def embedded(given):
        """Embeds what was not met before: the sets share their corpora for the greater part."""
        fresh = list(dict.fromkeys(text for text in given if text not in vectors))
        if fresh:
            vectors.update(zip(fresh, embed_read(fresh)))
        return np.stack([vectors[text] for text in given])

    for name in ["deu_q_de_c_de", "esp_q_es_c_es", "fra_q_fr_c_fr", "deu_q_de_c_en", "esp_q_es_c_en", "fra_q_fr_c_en"]:
        folder = data / "melo" / name
        concept = dict(table(folder / "concept_mapping.tsv"))
        corpus, queries = table(folder / "corpus_elements.tsv"), table(folder / "queries.tsv")
        answers = collections.defaultdict(set)
        for row in table(folder / "annotations.tsv", 4):
            answers[row[0]].add(row[2])
        is_new = lambda query: answers[query] and all(is_held_out(concept[element]) for element in answers[query])
        queries = [row for row in queries if is_new(row[0])]
        corpus_vectors = embedded(reader([row[1] for row in corpus]))
        asked = embed_read(reader([row[1] for row in queries]))
        ids = [row[0] for row in corpus]
        values = []
        for row, vector in zip(queries, asked):
            values.append(average_precision(answers[row[0]], ranked_ids(corpus_vectors @ vector, ids)))
        print(f"melo {name}, {len(queries)} queries of held-out concepts: {100 * np.mean(values):.1f}", flush=True)
    vacancies = collections.defaultdict(set)
    for row in rows(data / "job-titles-to-esco/titles.csv"):
        if is_held_out(row["conceptUri"]):
            vacancies[row["vacancyTitle"]].add(row["conceptUri"])
    labels = [row for row in rows(data / "esco/labels.tsv", "\t") if row["language"] == "en"]
    ids = [row["conceptUri"] for row in labels]
    corpus = embedded(reader([row["label"] for row in labels]))
    some = sorted(vacancies)[::3]
    asked = embed_read(reader(some))
    found = [average_precision(vacancies[text], ranked_ids(corpus @ vector, ids)) for text, vector in zip(some, asked)]
    print(f"vacancies, {len(some)} titles of held-out concepts: {100 * np.mean(found):.1f}", flush=True)


def write(model, weights, source, to):
    """The folder that `lodestone model pack` reads."""
    to.mkdir(parents=True, exist_ok=True)
    trained = {name: np.ascontiguousarray(np.asarray(value, np.float32)) for name, value in weights.items()}
    save_file({**model, **trained}, to / "model.safetensors")
    shutil.copyfile(source / "tokenizer.json", to / "tokenizer.json")


def write_golden(weights, eps, texts, path):
    """The reference that the program's own forward pass is held to: texts and token ids stay, vectors are made anew."""
    golden = json.loads(path.read_text(encoding="utf-8"))
    for row in golden["rows"]:
        ids = np.array(row["ids"])
        mask, number = np.ones((len(ids), 1), np.float32), np.zeros(len(ids), np.int32)
        in_steps = lambda vector: [int(round(float(value) * 10_000)) for value in vector]
        row["vector"] = in_steps(np.asarray(encode(weights, eps, texts.table[ids], mask, number, 1))[0])
        row["spelling"] = in_steps(texts.spelling.vector(row["text"]))
    rows_of_file = ",\n".join(json.dumps(row, ensure_ascii=False) for row in golden["rows"])
    note = json.dumps(golden["note"], ensure_ascii=False)
    path.write_text(f'{{"note": {note}, "rows": [\n{rows_of_file}\n]}}\n', encoding="utf-8")


def mean_of(models):
    """The mean of weights that were trained from the same ones (Wortsman et al. 2022, ICML)."""
    names = [name for name in models[0] if name not in FROZEN]
    return {name: jnp.asarray(np.mean([model[name].astype(np.float32) for model in models], axis=0)) for name in names}


def recipe(description, data, out):
    """The arguments of every step of a recipe; `data` and `out` say what is in these folders."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help=data)
    parser.add_argument("--out", type=Path, required=True, help=out)
    parser.add_argument("--lodestone", type=Path, default=Path("target/release/lodestone"), help="the program, whose `model read` says how it reads a text")
    parser.add_argument("--hold-out", action="store_true", help="leave out a fifth of the concepts, and measure on it")
    return parser


def add_training(parser, steps, pairs):
    """The arguments of the steps that train on pairs."""
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--pairs", type=int, default=pairs, help="pairs in a batch")
    parser.add_argument("--cross", type=float, default=0.3, help="how many pairs are of an occupation of ESCO and its class of O*NET, where there is one")
    parser.add_argument("--seed", type=int, default=1)


def left_out(arguments):
    """Whether a concept is none to learn from."""
    return is_held_out if arguments.hold_out else lambda concept: False


def main():
    parser = recipe(__doc__, "folder with esco/, onet/ and model/use-multilingual-v3/", "folder that the trained model goes to, as `lodestone model pack --from` reads it")
    add_training(parser, steps=700, pairs=640)
    parser.add_argument("--rate", type=float, default=3e-4, help="learning rate of the encoder")
    parser.add_argument("--head-rate", type=float, default=2e-3, help="learning rate of the head")
    parser.add_argument("--scale", type=float, default=20.0, help="what cosines are multiplied by in the loss")
    parser.add_argument("--stay", type=float, default=1.0, help="decay of the encoder towards the published weights")
    parser.add_argument("--cut", type=float, default=0.0, help="how many texts of four words and more are cut behind one of their words")
    parser.add_argument("--average", type=Path, nargs="+", metavar="DIR", help="write the mean of the weights of these models, and train none")
    parser.add_argument("--every", type=int, default=0, help="measure and write after so many steps")
    parser.add_argument("--only-measure", type=Path, metavar="DIR", help="measure the model in a folder, and train none")
    parser.add_argument("--golden", type=Path, metavar="FILE", help="renew the vectors of fixtures/model/golden.json by the model in --only-measure")
    arguments = parser.parse_args()
    source = arguments.data / SOURCE
    model = load_file(source / "model.safetensors")
    texts = Texts(model, Tokenizer.from_file(str(source / "tokenizer.json")))
    eps = float(model["eps"][0])
    reader = Reader(arguments.lodestone)
    if arguments.only_measure:
        given = load_file(arguments.only_measure / "model.safetensors")
        texts = Texts(given, texts.tokenizer)
        weights = {name: jnp.asarray(value) for name, value in given.items() if name not in FROZEN}
        if arguments.golden:
            write_golden(weights, eps, texts, arguments.golden)
        else:
            measure(partial(embed, weights, eps, texts), reader, arguments.data, True)
        return
    if arguments.average:
        weights = mean_of([load_file(folder / "model.safetensors") for folder in arguments.average])
        write(model, weights, source, arguments.out)
        measure(partial(embed, weights, eps, texts), reader, arguments.data, True)
        return
    weights = train(model, read_labels(arguments.data, reader), same_things(arguments.data), texts, reader, left_out(arguments), arguments)
    write(model, weights, source, arguments.out)
    measure(partial(embed, weights, eps, texts), reader, arguments.data, True)


if __name__ == "__main__":
    main()
