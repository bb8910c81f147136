"""Names of organisations: legal forms, spelling variants, and when two names mean one firm."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz

from verbund.language.spelling import fold

# Longest first, so that "gmbh co kg" is not read as "gmbh" with a rest.
_LEGAL_FORMS = {
    form: kind
    for kind, forms in {
        "gmbh & co. kg": (
            "gmbh & co kg",
            "gmbh und co kg",
            "gmbh & co. kg",
            "gmbh+co kg",
            "gmbh co kg",
        ),
        "ag & co. kg": ("ag & co kg", "se & co kg", "ag & co kgaa", "se & co kgaa"),
        "ug": ("ug haftungsbeschraenkt", "unternehmergesellschaft", "ug"),
        "ggmbh": ("ggmbh", "gemeinnuetzige gmbh", "gemeinnuetzige gesellschaft mbh"),
        "gmbh": (
            "gesellschaft mit beschraenkter haftung",
            "gesellschaft mbh",
            "ges mbh",
            "mbh",
            "gmbh",
        ),
        "ev": ("eingetragener verein", "e v", "ev"),
        "eg": ("eingetragene genossenschaft", "e g", "eg"),
        "ek": ("e kfm", "e kfr", "e k", "ek"),
        "ag": ("aktiengesellschaft", "ag"),
        "kg": ("kommanditgesellschaft", "kg"),
        "kgaa": ("kgaa",),
        "ohg": ("ohg",),
        "gbr": ("gbr",),
        "se": ("se",),
        "ltd": ("limited", "ltd"),
        "inc": ("inc", "incorporated"),
        "sas": ("sas",),
        "srl": ("s r l", "srl"),
        "spa": ("s p a", "spa"),
        "bv": ("b v", "bv"),
        "nv": ("n v", "nv"),
        "sa": ("s a", "sa"),
        "ab": ("ab",),
        "oy": ("oy",),
        "sro": ("s r o", "sro", "spol s r o"),
        "spzoo": ("sp z o o", "spolka z o o"),
        "stiftung": ("stiftung des oeffentlichen rechts",),
    }.items()
    for form in forms
}
_FORM = re.compile(
    r"(?<= )("
    + "|".join(sorted((re.escape(f.replace(".", "")) for f in _LEGAL_FORMS), key=len, reverse=True))
    + r")(?=\s|$)"  # a name does not start with its form: "EV Charging GmbH", "AB Optics"
)
_WRITTEN_FORMS = {
    "gmbh & co. kg": "GmbH & Co. KG",
    "ag & co. kg": "AG & Co. KG",
    "ug": "UG (haftungsbeschränkt)",
    "ggmbh": "gGmbH",
    "gmbh": "GmbH",
    "ev": "e.V.",
    "eg": "eG",
    "ek": "e.K.",
    "kgaa": "KGaA",
    "gbr": "GbR",
    "ltd": "Ltd.",
    "inc": "Inc.",
    "srl": "S.r.l.",
    "spa": "S.p.A.",
    "bv": "B.V.",
    "nv": "N.V.",
    "sa": "S.A.",
    "oy": "Oy",
    "sro": "s.r.o.",
    "spzoo": "Sp. z o.o.",
    "stiftung": "Stiftung",
}
_SAME_WORDS = {
    "und": "", "and": "", "the": "", "der": "", "die": "", "das": "", "fuer": "", "for": "",
    "of": "", "des": "", "fur": "",
}  # fmt: skip
# A firm changes its form, and lists lag behind or shorten it; these are founded beside a firm.
_FOUNDED_BESIDE = frozenset(("ev", "eg", "stiftung"))
_LEAST_SHORT = 3  # letters of an abbreviation that say something
ALMOST_SAME = 90  # rapidfuzz ratio of two cores from which a slip of the pen is likely


@dataclass(frozen=True)
class Name:
    """The parts of a name that decide identity: core (letters and digits only) and legal form.

    Letters of every script count, else all Greek or Cyrillic names would be one.
    """

    core: str
    legal_form: str

    @cached_property
    def squeezed(self) -> str:
        return self.core.replace(" ", "")


@lru_cache(maxsize=100_000)
def parse_name(text: str) -> Name:
    """Split a name into its core and its legal form.

    Examples
    --------
    >>> parse_name("Müller Optik GmbH & Co. KG")
    Name(core='mueller optik', legal_form='gmbh & co. kg')
    >>> parse_name("Mueller-Optik")
    Name(core='mueller optik', legal_form='')
    """
    folded = fold(re.sub(r"[()\[\]\"„“”']", " ", text))
    folded = re.sub(r"\b(?:dr|prof|dipl|ing)\.\s*(?:-\s*)?", "", folded)
    folded = re.sub(r"\bges\.\s*(?:f\.)?", "gesellschaft ", folded)
    folded = re.sub(r"\be\.\s?(?=v|g|k)", "e ", folded).replace(".", "")
    folded = " ".join(re.sub(r"[^\w&+ ]|_", " ", folded).split())
    forms: list[str] = []

    def take(match: re.Match[str]) -> str:
        forms.append(_FORM_KINDS[match[1]])
        return " "

    core = re.sub(r"[^\w ]|_", " ", _FORM.sub(take, folded))
    kept = [word for word in core.split() if _SAME_WORDS.get(word, word)]
    return Name(" ".join(kept) or folded or text.casefold(), forms[-1] if forms else "")


_FORM_KINDS = {form.replace(".", ""): kind for form, kind in _LEGAL_FORMS.items()}


def legal_form_in(name: str) -> str:
    """Return the legal form that stands in a name, as it is usually written; empty if none does.

    Examples
    --------
    >>> legal_form_in("Automotive Cluster Ostdeutschland e. V.")
    'e.V.'
    """
    form = parse_name(name).legal_form
    return _WRITTEN_FORMS.get(form, form.upper())


def legal_forms_differ(one: Name, other: Name) -> bool:
    """Legal form is part of the identity: "X e.V." and "X GmbH" are two; a missing form is open."""
    return bool(one.legal_form and other.legal_form and one.legal_form != other.legal_form)


def founded_apart(one: Name, other: Name) -> bool:
    """Tell whether the forms alone make it two: an association or foundation and a firm.

    "GmbH" and "GmbH & Co. KG" may be one, of which a list says less, or the two that belong
    together in every such KG: a person decides.
    """
    beside = {name.legal_form in _FOUNDED_BESIDE for name in (one, other)}
    return legal_forms_differ(one, other) and beside == {True, False}


def is_short_for(one: Name, other: Name) -> bool:
    """Tell whether one name shortens the other: "Inst. Optik" or "IOF" with all words' initials."""
    first, second = sorted((one.core.split(), other.core.split()), key=len)
    if len(first) == 1 and len(second) >= _LEAST_SHORT:
        return first[0] == initials(second)
    pairs = list(zip(first, second, strict=False))
    return (
        len(first) == len(second) >= 2
        and all(_begins(a, b) or _begins(b, a) for a, b in pairs)
        and any(a == b for a, b in pairs)
    )


def _begins(short: str, long: str) -> bool:
    return short == long or (len(short) >= _LEAST_SHORT and long.startswith(short))


def initials(words: list[str]) -> str:
    return "".join(word[0] for word in words)


def same_name(one: str, other: str) -> bool:
    """Tell whether two names differ in spelling only (umlauts, hyphens, blanks, a missing form)."""
    first, second = parse_name(one), parse_name(other)
    return first.squeezed == second.squeezed and not legal_forms_differ(first, second)


def almost_same_name(one: str, other: str) -> bool:
    """Tell whether two names may be one firm: a slip of the pen, or one contains the other."""
    return almost_same(parse_name(one), parse_name(other))


def almost_same(one: Name, other: Name) -> bool:
    """Tell the same of names already taken apart."""
    if min(len(one.squeezed), len(other.squeezed)) < 5:
        return False
    if fuzz.ratio(one.squeezed, other.squeezed, score_cutoff=ALMOST_SAME):
        return True
    shorter, longer = sorted((one.core.split(), other.core.split()), key=len)
    return len(shorter) >= 2 and set(shorter) <= set(longer)
