"""What the table learns from: pairs of a text and an English text of the same meaning or subject.

The lexicon's pairs come as they are. Three kinds are made from them: German glosses of English
sentences (word by word: the table knows no order), descriptions found by their labels, and needs
("Wir suchen ...") with what is needed.
"""

from __future__ import annotations

import csv
import gzip
import logging
import random
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import duckdb

from verbund.language.spelling import words

ROOT = Path(__file__).parents[1]
PROBES = ROOT / "tests/language/probes"
SHIPPED = ROOT / "src/verbund/language/data"
log = logging.getLogger(__name__)

SEED = 20240
# File -> how often its pairs are drawn. Descriptions teach how a need in a word meets an offer in
# a sentence; XQuAD (CC BY-SA) is left out, it serves to measure.
SOURCES = {
    "ding_de_en": 1.0,
    "libreoffice_help_de_en": 2.0,
    "esco_skills_de_en": 3.0,
    "esco_occupations_de_en": 3.0,
    "esco_de_label_en_description": 6.0,
    "cpv2008_de_en": 3.0,
    "noga_de_en": 3.0,
    "osm_presets_de_en": 3.0,
    "qudt_de_en": 3.0,
    "indico_ui_de_en": 3.0,
}
OWN_WEIGHT = 6.0  # of the project's own vocabulary, word groups and abbreviations
GLOSS_WEIGHT, DESCRIBED_WEIGHT, SUBJECT_WEIGHT, NEED_WEIGHT = 1.5, 3.0, 0.7, 1.0
LABELS = ("esco_skills_de_en", "cpv2008_de_en", "noga_de_en", "vocabulary.csv")
HELD_OUT_SHARE, HELD_OUT_WORDS = 100, 3  # one phrase in so many is kept to watch the training
LAST_DAY = "2023-03-31"  # of the start of a CORDIS project: later ones judge the matching
SHORTEST_SENTENCE, LONGEST_SENTENCE = 4, 60  # words
LONGEST_PHRASE = 3  # words of a dictionary entry that glosses use

_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+(?=[A-Z0-9(\[])|[\r\n]+|\s+[-•·]\s+")
_KEYWORD_END = re.compile(r"\s*[,;]\s*")
_NEEDS = {
    "de": (
        "Wir suchen {}",
        "Gesucht: {}",
        "Wer bietet {}?",
        "Wir brauchen Unterstützung bei {}",
        "Wir benötigen einen Partner für {}",
        "Unser Unternehmen sucht einen Lieferanten für {}",
        "Wer kann uns bei {} helfen?",
        "Wir möchten {} und suchen dafür einen Dienstleister",
        "Wir bieten {}",
        "Wir sind spezialisiert auf {}",
        "Unser Angebot: {} für Unternehmen",
    ),
    "en": (
        "We are looking for {}",
        "We need a partner for {}",
        "Who can help us with {}?",
        "Our company is seeking a supplier of {}",
        "Wanted: {}",
        "We offer {}",
        "Our company provides {} for customers in industry",
    ),
}
# Words of grammar, whose entries in a dictionary are about grammar.
_GRAMMAR = dict(
    entry.split("=")
    for entry in (
        "the=die a=eine an=ein of=von and=und or=oder in=in to=zu for=für with=mit by=durch "
        "on=auf at=bei from=von is=ist are=sind was=war were=waren be=sein been=gewesen has=hat "
        "have=haben had=hatte will=wird would=würde can=kann could=könnte should=sollte "
        "may=kann must=muss not=nicht no=kein that=dass which=welche who=wer this=diese "
        "these=diese those=jene it=es its=seine their=ihre they=sie we=wir our=unsere you=sie "
        "your=ihre he=er she=sie his=seine her=ihre as=als than=als but=aber if=wenn when=wenn "
        "where=wo how=wie what=was why=warum also=auch only=nur more=mehr most=meisten "
        "less=weniger such=solche other=andere into=in through=durch over=über under=unter "
        "between=zwischen during=während after=nach before=vor while=während all=alle each=jede "
        "both=beide some=einige many=viele any=jede new=neue there=es here=hier so=so then=dann "
        "do=tun does=tut using=mit via=über within=innerhalb "
    ).split()
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A text of either language and an English text whose vector the teacher gives to both."""

    text: str
    english: str
    source: str
    weight: float

    @property
    def texts(self) -> tuple[str, str]:
        return self.text, self.english


@dataclass(frozen=True, slots=True)
class Project:
    """The English texts of a research project."""

    number: str
    title: str
    keywords: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def is_held_out(self) -> bool:
        return zlib.crc32(self.number.encode()) % HELD_OUT_SHARE == 0


def plain(text: str) -> str:
    return " ".join(words(text))


# The lexicon


def read_table(path: Path) -> Iterator[Pair]:
    """Read a lexicon file; the columns de or de_... and en or en_... are the texts."""
    source = path.name.removesuffix(".tsv.gz")
    for row in _rows(path):
        de, en = (_of_language(row, language) for language in ("de", "en"))
        yield Pair(de, en, source, SOURCES.get(source, 0))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        header = next(file).rstrip("\n").split("\t")
        for line in file:
            yield dict(zip(header, line.rstrip("\n").split("\t"), strict=True))


def _of_language(row: Mapping[str, str], language: str) -> str:
    return next(text for name, text in row.items() if name.split("_")[0] == language)


def own_pairs() -> Iterator[Pair]:
    """Pair the names of each concept and of each word group that the project ships."""
    for file, de, en in (
        ("vocabulary.csv", ("label_de", "synonyms_de"), ("label_en", "synonyms_en")),
        ("words.csv", ("de",), ("en",)),
        ("abbreviations.csv", ("short", "de"), ("en",)),
    ):
        with (SHIPPED / file).open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                german = _names(row[column] for column in de)
                english = _names(row[column] for column in en)
                if german and english:
                    yield from (Pair(name, english[0], file, OWN_WEIGHT) for name in german)
                    yield from (Pair(german[0], name, file, OWN_WEIGHT) for name in english[1:])


def _names(cells: Iterable[str]) -> list[str]:
    return [name for cell in cells for name in cell.split(" | ") if name]


# English texts of research projects


def read_projects(cordis: Path) -> list[Project]:
    """Read the projects that started up to LAST_DAY, in order of their numbers."""
    rows = duckdb.execute(
        "select project_id, title, coalesce(keywords, ''), coalesce(objective, '') from"
        " read_parquet(?) where start_date <= ? order by project_id",
        [str(cordis / "projects.parquet"), LAST_DAY],
    ).fetchall()
    return [
        Project(number, _in_one_line(title), _keywords(keywords), _sentences(objective))
        for number, title, keywords, objective in rows
    ]


def _keywords(cell: str) -> tuple[str, ...]:
    names = map(_in_one_line, _KEYWORD_END.split(cell))
    return tuple(name for name in names if words(name) and len(words(name)) <= 8)


def _sentences(text: str) -> tuple[str, ...]:
    parts = map(_in_one_line, _SENTENCE_END.split(text))
    return tuple(
        part for part in parts if SHORTEST_SENTENCE <= len(words(part)) <= LONGEST_SENTENCE
    )


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


# Pairs that are made


class Glosses:
    """Puts English texts into German word by word, by the pairs of the lexicon.

    Of the translations of a word, the one is likelier that stands more often in the German half of
    pairs whose English half has the word. What has no translation stays as it is.
    """

    def __init__(self, pairs: Sequence[Pair]) -> None:
        names: dict[str, set[str]] = defaultdict(set)
        for pair in pairs:
            english, german = words(pair.english), words(pair.text)
            if 0 < len(english) <= LONGEST_PHRASE and 0 < len(german) <= LONGEST_PHRASE:
                names[" ".join(english)].add(" ".join(german))
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for pair in pairs:
            said = set(_phrases(words(pair.text)))
            for phrase in set(_phrases(words(pair.english))) & names.keys():
                counts[phrase].update(said & names[phrase])
        self._names = {
            phrase: ([*found], [count**1.5 for count in found.values()])
            for phrase, found in counts.items()
        } | {english: ([german], [1.0]) for english, german in _GRAMMAR.items()}

    def __call__(self, english: str, rng: random.Random) -> str:
        found, start = words(english), 0
        german = []
        while start < len(found):
            size = min(LONGEST_PHRASE, len(found) - start)
            while size > 1 and " ".join(found[start : start + size]) not in self._names:
                size -= 1
            phrase = " ".join(found[start : start + size])
            names, chances = self._names.get(phrase, ([phrase], [1.0]))
            german += rng.choices(names, chances)
            start += size
        return " ".join(german)


def _phrases(found: Sequence[str]) -> Iterator[str]:
    for size in range(1, LONGEST_PHRASE + 1):
        for start in range(len(found) - size + 1):
            yield " ".join(found[start : start + size])


def project_pairs(projects: Iterable[Project], gloss: Glosses) -> Iterator[Pair]:
    """Gloss all texts, and let titles and keywords find a sentence of their project."""
    rng = random.Random(SEED)  # noqa: S311  # the same glosses each time
    for project in projects:
        for text in (project.title, *project.keywords, *project.sentences):
            yield Pair(gloss(text, rng), text, "cordis", GLOSS_WEIGHT)
        keywords = ", ".join(project.keywords) or project.title
        for sentence in project.sentences:
            subject = rng.choice((project.title, keywords))
            told = rng.choice((subject, gloss(subject, rng)))
            yield Pair(told, sentence, "cordis subjects", SUBJECT_WEIGHT)


def described_pairs(data: Path, gloss: Glosses) -> Iterator[Pair]:
    """Pair descriptions with labels the other ways: English to English, German to English."""
    rng = random.Random(SEED)  # noqa: S311
    labels: dict[str, list[str]] = defaultdict(list)
    for row in _rows(data / "esco_skills_de_en.tsv.gz"):
        labels[row["esco_id"]].append(row["en"])
    for row in _rows(data / "esco_de_label_en_description.tsv.gz"):
        text = row["en_description"]
        told = gloss(text, rng)
        yield Pair(told, text, "descriptions", GLOSS_WEIGHT)
        for label in labels[row["esco_id"].split("/")[-1]]:
            yield Pair(label, text, "descriptions", DESCRIBED_WEIGHT)
            yield Pair(told, label, "descriptions", DESCRIBED_WEIGHT)


def need_pairs(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Put labels into words of needs and offers, which the table shall learn to overhear."""
    rng = random.Random(SEED)  # noqa: S311
    for pair in pairs:
        if pair.source in LABELS:
            for language, label in (("de", pair.text), ("en", pair.english)):
                need = rng.choice(_NEEDS[language]).format(label)
                yield Pair(need, pair.english, "needs", NEED_WEIGHT)


# All of it


def probe_texts() -> set[str]:
    """Return the texts that the tests ask for; no pair that contains one is learned."""
    texts: set[str] = set()
    for name in ("labels.csv", "needs.csv"):
        with (PROBES / name).open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                texts |= {plain(row[side]) for side in ("de", "en", "need", "offer") if side in row}
    return texts


class Corpus:
    """All pairs, split into those to learn from and those held out.

    A pair is held out by its German text, and pairs that share either text with it are dropped, so
    that the same concept in another file does not give the answer away. Glosses learn from what
    is not held out.

    Parameters
    ----------
    data
        Folder of the lexicon's files.
    cordis
        Folder of `projects.parquet`; None: without the texts of projects.
    """

    def __init__(self, data: Path, cordis: Path | None) -> None:
        files = [data / f"{source}.tsv.gz" for source in SOURCES]
        given = _usable([*chain.from_iterable(map(read_table, files)), *own_pairs()])
        self.held_out = [pair for pair in given if _is_held_out(pair)]
        hidden = probe_texts() | {plain(text) for p in self.held_out for text in p.texts}

        def shown(pairs: Iterable[Pair]) -> list[Pair]:
            return [p for p in pairs if not hidden.intersection(map(plain, p.texts))]

        given = shown(given)
        gloss = Glosses(given)
        projects = read_projects(cordis) if cordis else []
        self.held_out_projects = [project for project in projects if project.is_held_out]
        made = [
            *described_pairs(data, gloss),
            *need_pairs(given),
            *project_pairs((p for p in projects if not p.is_held_out), gloss),
        ]
        self.pairs = [*given, *shown(_usable(made))]
        self.english = in_order(pair.english for pair in (*self.pairs, *self.held_out))
        log.info("%d pairs to learn from, %d held out", len(self.pairs), len(self.held_out))
        for source, count in Counter(pair.source for pair in self.pairs).most_common():
            log.info("%9d %s", count, source)


def in_order(texts: Iterable[str]) -> list[str]:
    """Sort distinct texts by length, which saves the teacher padding."""
    return sorted(set(texts), key=lambda text: (len(text), text))


def _usable(pairs: Iterable[Pair]) -> list[Pair]:
    return [pair for pair in dict.fromkeys(pairs) if words(pair.text) and words(pair.english)]


def _is_held_out(pair: Pair) -> bool:
    """Choose by German text; phrases only, for the table shall not miss a word of a dictionary."""
    if len(words(pair.text)) < HELD_OUT_WORDS:
        return False
    return zlib.crc32(plain(pair.text).encode()) % HELD_OUT_SHARE == 0
