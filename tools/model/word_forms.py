"""Builds the table of what the words of titles are called for men, from what they are called for women.

Input: labels of occupations, where both stand: "Koch/Köchin", or two labels of one occupation that differ in an ending that such
pairs show. Output: `indexes/languages/word-forms.tsv`, which `src/text/one_gender.rs` reads: a word and its form, or `-ending` and
what stands instead. An ending is kept where nearly all words that end so change alike; a word is listed only where no ending says
the same. What is a common word of another language, or ends the name of a town, is left as it is.

    python3 tools/model/word_forms.py --data DIR --out indexes/languages/word-forms.tsv

Needs Python alone.
"""

import argparse
import collections
import csv
import re
import unicodedata
from pathlib import Path

#: Languages whose titles have genders, and are published in both often enough to learn from.
LANGUAGES = ["cs", "de", "es", "fr", "it", "pl", "pt", "ro", "sk"]
#: Letters of the shortest word that has a form, and of the shortest and longest ending.
LEAST_WORD, ENDINGS = 4, range(4, 9)
#: How many words end so at least, how many of those that have a form change alike, and how many of all that end so have one.
LEAST_WORDS, ALIKE, PURE = 6, 0.9, 0.8
#: A change of letters is one of the language where so many pairs show it.
LEAST_PAIRS = 3
#: What pairs show with other letters before it only, and what English has too few pairs of to be learned.
ENDINGS_BY_HAND = {"frau": "mann", "woman": "man"}
WORDS_BY_HAND = {
    "actress": "actor",
    "headmistress": "headmaster",
    "masseuse": "masseur",
    "stewardess": "steward",
    "waitress": "waiter",
}
WORD = re.compile(r"[^\W\d_]+")
UMLAUTS = str.maketrans("äöü", "aou")


def rows(path, delimiter=","):
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def lowered(text):
    return " ".join(unicodedata.normalize("NFC", text.lower()).split())


def common_letters(one, other):
    shared = 0
    for left, right in zip(one, other):
        if left != right:
            break
        shared += 1
    return shared


def are_variants(one, other):
    """Whether two words begin alike and differ in an ending of a few letters."""
    if one == other:
        return True
    one, other = one.translate(UMLAUTS), other.translate(UMLAUTS)
    shared = common_letters(one, other)
    rest, longest = min(len(one), len(other)) - shared, max(len(one), len(other)) - shared
    return shared >= 2 and rest <= 4 and longest <= 6


def pairs_of(label):
    """The words of "panadero industrial/panadera industrial": (panadero, panadera), (industrial, industrial)."""
    before, slash, behind = label.partition("/")
    if not slash or "/" in behind:
        return []
    before, behind = WORD.findall(before), WORD.findall(behind)
    for count in range(min(len(before), len(behind)), 0, -1):
        pairs = list(zip(before[-count:], behind[:count]))
        if all(are_variants(*pair) for pair in pairs) and any(one != other for one, other in pairs):
            return pairs
    return []


class Evidence:
    """Language -> word -> what it is called for men, and how often; and how often each word stands in a language."""

    def __init__(self):
        self.forms = collections.defaultdict(lambda: collections.defaultdict(collections.Counter))
        self.seen = collections.defaultdict(collections.Counter)

    def read(self, data):
        labels = [(row["conceptUri"], row["language"], lowered(row["label"])) for row in rows(data / "esco/labels.tsv", "\t")]
        of_concept = collections.defaultdict(set)
        for concept, language, label in labels:
            words = WORD.findall(label)
            self.seen[language].update(words)
            of_concept[concept, language].update(words)
            for masculine, feminine in pairs_of(label):
                self.forms[language][feminine][masculine] += 1
        changes = {language: self.changes(language, 1) for language in LANGUAGES}
        for language in LANGUAGES:
            self.leave_out_misprints(language, self.changes(language, 0))
        for (_, language), words in of_concept.items():
            for word in words if language in changes else ():
                for ending in {word[-length:] for length in range(1, 8)}:
                    for instead in changes[language].get(ending, ()):
                        masculine = word[: -len(ending)] + instead
                        if masculine != word and masculine in words and len(masculine) > 2:
                            self.forms[language][word][masculine] += 1
        for row in rows(data / "esco/skills_en_text.csv"):
            self.seen["en"].update(WORD.findall(lowered(row["description"])))
        for name, column in [("alternate_titles", "Alternate Title"), ("task_statements", "Task")]:
            for row in rows(data / f"onet/{name}.txt", "\t"):
                self.seen["en"].update(WORD.findall(lowered(row[column])))

    def changes(self, language, before):
        """Endings, and what may stand instead: the differing letters of pairs, and so many before them."""
        found = collections.Counter()
        for feminine, masculines in self.forms[language].items():
            for masculine in masculines:
                shared = max(common_letters(feminine, masculine) - before, 0)
                if masculine != feminine:
                    found[feminine[shared:], masculine[shared:]] += 1
        changes = collections.defaultdict(list)
        for (ending, instead), count in found.items():
            if count >= LEAST_PAIRS:
                changes[ending].append(instead)
        return changes

    def leave_out_misprints(self, language, changes):
        """A pair that stands once, and changes as hardly another one does, is none."""
        for feminine, masculines in self.forms[language].items():
            for masculine, count in list(masculines.items()):
                shared = common_letters(feminine, masculine)
                if count == 1 and masculine != feminine and masculine[shared:] not in changes.get(feminine[shared:], ()):
                    del masculines[masculine]

    def words(self):
        """Word -> its form, where that is beyond doubt."""
        forms, as_they_are = collections.defaultdict(collections.Counter), collections.Counter()
        for language in LANGUAGES:
            for feminine, masculines in self.forms[language].items():
                for masculine, count in masculines.items():
                    if masculine == feminine:
                        as_they_are[feminine] += count
                    else:
                        forms[feminine][masculine] += count
                        as_they_are[masculine] += count
        known = {}
        for word, masculines in forms.items():
            masculine, count = masculines.most_common(1)[0]
            is_told = count > as_they_are[word] and count >= 0.6 * sum(masculines.values())
            # "media" is a woman's in Spanish, and something else in English.
            elsewhere = sum(seen[word] for language, seen in self.seen.items() if not self.forms[language].get(word))
            if len(word) >= LEAST_WORD and is_told and elsewhere < count:
                known[word] = masculine
        return {word: masculine for word, masculine in known.items() if masculine not in known}


def endings_of(words, others):
    """Ending -> what stands instead. `others` are words that have no form."""
    all_words = set(words) | others
    total, changes = collections.Counter(), collections.defaultdict(collections.Counter)
    for word in all_words:
        total.update(word[-length:] for length in ENDINGS if len(word) > length)
    for word, masculine in words.items():
        gone = len(word) - common_letters(word, masculine)
        for length in ENDINGS:
            if max(gone, 1) <= length < len(word):
                changes[word[-length:]][word[-length : len(word) - gone] + masculine[len(word) - gone :]] += 1
    endings = dict(ENDINGS_BY_HAND)
    for ending in sorted(changes, key=lambda ending: (len(ending), ending)):
        instead, count = changes[ending].most_common(1)[0]
        alike = sum(changes[ending].values())
        is_sound = count >= LEAST_WORDS and count >= ALIKE * alike and alike >= PURE * total[ending]
        if is_sound and applied(ending, endings) != instead:
            endings[ending] = instead
    return endings


def applied(word, endings):
    """The word with its longest known ending changed."""
    for length in reversed(ENDINGS):
        if length <= len(word) and word[-length:] in endings:
            return word[:-length] + endings[word[-length:]]
    return word


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with esco/, onet/ and places/")
    parser.add_argument("--out", type=Path, required=True, help="the table")
    arguments = parser.parse_args()
    evidence = Evidence()
    evidence.read(arguments.data)
    words = evidence.words()
    towns = {word for row in rows(arguments.data / "places/cities15000.tsv", "\t") for word in WORD.findall(lowered(row["name"]))}
    words = {word: masculine for word, masculine in words.items() if word not in towns}
    others = {word for seen in evidence.seen.values() for word in seen} | towns
    endings = endings_of(words, others - set(words))
    plain = {word for language, seen in evidence.seen.items() if language not in LANGUAGES for word in seen} | towns
    exceptions = {word: masculine for word, masculine in words.items() if applied(word, endings) != masculine} | WORDS_BY_HAND
    # Words that stay as they are, and end as those that do not: common ones of other languages, towns, and forms.
    plain |= set(words.values())
    plain = {word for word in plain - set(words) if not word.endswith(tuple(ENDINGS_BY_HAND))}
    exceptions |= {word: word for word in plain if len(word) >= LEAST_WORD and applied(word, endings) != word}
    with open(arguments.out, "w", encoding="utf-8") as file:
        for ending, instead in sorted(endings.items()):
            file.write(f"-{ending}\t{instead}\n")
        for word, masculine in sorted(exceptions.items()):
            file.write(f"{word}\t{masculine}\n")
    print(f"{len(words)} words have a form; {len(endings)} endings, {len(exceptions)} words beside them")


if __name__ == "__main__":
    main()
