"""What a text's vector has of its spelling: the twin of src/embed/spelling.rs.

Runs of letters of a text's words -> a vector whose cosine with another's is about that of their weighted counts (Johnson and
Lindenstrauss 1984; Achlioptas 2003, signs instead of normal numbers). The weight is the inverse document frequency among labels.
"""

import collections
import re

import numpy as np

COMPONENTS = 96
BUCKETS = 1 << 16
LONGEST, SHORTEST, SHORTEST_OF_PICTURES = 5, 3, 2
MOST_WORDS = 16
#: Steps of the stored weights in one.
STEPS = 16.0
#: How much the spelling counts beside the meaning.
SHARE = 0.12
PICTURES = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
WORD = re.compile(r"[^\W_]+")
MASK = (1 << 64) - 1


def mixed(bits):
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
    return bits ^ (bits >> 31)


def digest(run):
    """FNV-1a of 64 bits (Fowler, Noll and Vo 1991), mixed."""
    bits = 0xCBF29CE484222325
    for byte in run.encode():
        bits = ((bits ^ byte) * 0x100000001B3) & MASK
    return mixed(bits)


def runs(text):
    """The runs of letters of the distinct words of a text that was read, their ends marked; none of a text that is no name of something."""
    words = list(dict.fromkeys(WORD.findall(text)))
    for word in words if len(words) <= MOST_WORDS else []:
        marked = f"<{word}>"
        for length in range(SHORTEST_OF_PICTURES, LONGEST + 1):
            for at in range(len(marked) - length + 1):
                run = marked[at : at + length]
                if length >= SHORTEST or all(map(PICTURES.match, run)):
                    yield run


class Spelling:
    def __init__(self, table):
        self.table, self.known = table, {}

    @classmethod
    def of(cls, texts):
        """Counts in how many of some texts each run stands."""
        counts = collections.Counter(digest(run) % BUCKETS for text in texts for run in set(runs(text)))
        found = np.zeros(BUCKETS)
        for bucket, count in counts.items():
            found[bucket] = count
        return cls(np.minimum(255, np.round(STEPS * np.log(1 + len(texts) / (found + 1)))).astype(np.uint8))

    def signs(self, run):
        if run not in self.known:
            bits = digest(run)
            further = mixed((bits + 0x9E3779B97F4A7C15) & MASK)
            signs = np.array([1.0 if (bits if at < 64 else further) >> (at % 64) & 1 == 0 else -1.0 for at in range(COMPONENTS)], np.float32)
            self.known[run] = signs * (self.table[bits % BUCKETS] / STEPS)
        return self.known[run]

    def vector(self, text):
        """Of length one, or nothing where there is no word."""
        total = sum((self.signs(run) for run in runs(text)), np.zeros(COMPONENTS, np.float32))
        length = np.linalg.norm(total)
        return total / length if length > 0 else total

    def beside(self, meanings, texts):
        """Vectors of length one of the meaning, with the spelling beside it: of length one."""
        spelt = np.stack([self.vector(text) for text in texts]) * SHARE**0.5
        both = np.concatenate([meanings, spelt], 1)
        return both / np.linalg.norm(both, axis=1, keepdims=True)
