"""What others have written, as sentences repeat it: verbatim, with its language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from verbund.language.gloss import gloss
from verbund.language.vocabulary import Vocabulary
from verbund.records.history import JointProject
from verbund.wording import Language, sentence

_LONGEST_QUOTE = 180  # letters
_SHORTEST_NAME = 3  # letters, else "A GmbH" keeps its legal form
_LEGAL_FORM = re.compile(
    r"(?:,?\s+(?:g?GmbH|UG|AG|SE|KGaA|KG|OHG|GbR|eG|e\.\s?[KV]\.|Co\.|&|mbH|Ltd\.?|Inc\.?|S\.A\."
    r"|\(haftungsbeschränkt\)))+$"
)
_KEPT = 5_000  # quotes whose gloss is remembered


@dataclass(frozen=True, slots=True)
class Quote:
    """A text in quotation marks; who reads another language is told so, and helped with words.

    Attributes
    ----------
    language
        Of the text, None if it cannot be told.
    matters
        Atoms (see `lexicon`) whose words are said first in the reader's language.
    """

    text: str
    language: Language | None
    vocabulary: Vocabulary = field(repr=False)
    matters: frozenset[str] = frozenset()

    def say(self, language: Language) -> str:
        text = sentence("quote.text", language, text=self.text)
        if self.language in (None, language):
            return text
        values = {"text": text, "language": sentence(f"quote.{self.language}", language)}
        if words := self.gloss(language):
            pairs = "; ".join(f"{written} = {said}" for written, said in words.items())
            return sentence("quote.glossed", language, words=pairs, **values)
        return sentence("quote.foreign", language, **values)

    def gloss(self, language: Language) -> Mapping[str, str]:
        """Say words of the quote in the reader's language: written -> said, by machine."""
        if self.language in (None, language):
            return {}
        return _glossed(self.text, language, self.vocabulary, self.matters)


@lru_cache(maxsize=_KEPT)
def _glossed(
    text: str, language: Language, vocabulary: Vocabulary, matters: frozenset[str]
) -> Mapping[str, str]:
    return {one.written: one.said for one in gloss(text, language, vocabulary, first=matters)}


def quoted(text: str) -> str:
    """Shorten a text for a sentence; what is kept is verbatim."""
    line = " ".join(text.split())
    if len(line) <= _LONGEST_QUOTE:
        return line.rstrip(".")
    return line[:_LONGEST_QUOTE].rsplit(" ", 1)[0].rstrip(" ,;") + " …"


def called(name: str) -> str:
    """Name an organisation in a sentence, without its legal form: "Saalitz Freiform"."""
    short = _LEGAL_FORM.sub("", name)
    return short if len(short) >= _SHORTEST_NAME else name


def project_name(project: JointProject) -> str:
    return f"{project.label} ({project.year})" if project.year else project.label
