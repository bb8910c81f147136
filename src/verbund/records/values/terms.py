"""Words with a fixed meaning: kinds, yes and no, visibility, countries, states, languages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rapidfuzz import fuzz, process

from verbund.language.spelling import fold
from verbund.records.organisation import OrganisationType, Visibility
from verbund.records.problems import Severity
from verbund.records.tables import Cell
from verbund.records.values.cells import Finding, Reading, text_of, unread

_TYPES: dict[OrganisationType, str] = {
    OrganisationType.COMPANY: (
        "unternehmen firma kmu industrie oem hersteller zulieferer zulieferbetrieb dienstleister"
        " betrieb konzern startup gmbh company companies enterprise sme industry supplier"
        " manufacturer business corporate prc mittelstand grossunternehmen ingenieurbuero"
    ),
    OrganisationType.RESEARCH: (
        "forschung forschungseinrichtung forschungsinstitut institut institute hochschule"
        " universitaet wissenschaft fachhochschule research university rto academia rec hes"
        " forschungspartner science forschungszentrum"
    ),
    OrganisationType.EDUCATION: (
        "bildung bildungstraeger bildungseinrichtung bildungszentrum weiterbildung ausbildung"
        " schule berufsschule akademie bildungspartner education training school academy"
        " bildungsdienstleister trainingszentrum"
    ),
    OrganisationType.PUBLIC: (
        "oeffentlich oeffentliche behoerde verwaltung kommune landkreis wirtschaftsfoerderung"
        " kammer ministerium koerperschaft public authority government agency chamber"
        " municipality pub oeffentlicher"
    ),
    OrganisationType.NETWORK: (
        "netzwerk cluster verband verein initiative network association allianz"
    ),
    OrganisationType.OTHER: "sonstige sonstiges andere other oth stiftung ngo",
}
_TYPE_WORDS = {word: kind for kind, words in _TYPES.items() for word in words.split()}

_YES = frozenset(["ja", "j", "yes", "y", "true", "wahr", "x", "1", "✓", "✔", "ok", "oui"])
_NO = frozenset(["nein", "n", "no", "false", "falsch", "0", "-", "nicht"])

_VISIBILITIES: dict[Visibility, tuple[str, ...]] = {
    Visibility.OWN: (
        "own",
        "eigen",
        "eigenes",
        "eigenes netzwerk",
        "intern",
        "nur intern",
        "privat",
        "private",
        "own network",
        "internal",
        "nicht oeffentlich",
        "nur eigenes netzwerk",
        "mitglieder",
    ),
    Visibility.PARTNERS: (
        "partners",
        "partner",
        "partnernetzwerk",
        "partnernetzwerke",
        "partner networks",
        "partner network",
        "fuer partner",
        "netzwerkpartner",
    ),
    Visibility.PUBLIC: (
        "public",
        "oeffentlich",
        "alle",
        "web",
        "internet",
        "everyone",
        "website",
        "jeder",
    ),
}
VISIBILITY_WORDS = {word: kind for kind, words in _VISIBILITIES.items() for word in words}

_MEMBER_STATUSES = {
    "full": "mitglied vollmitglied ordentlich voll full member ja yes aktiv active regulaer",
    "associated": "assoziiert assoziierter assoziiertes associated associate partner gast guest"
    " kooperationspartner",
    "supporting": "foerdermitglied foerderer foerdernd supporting sponsor supporter",
    "honorary": "ehrenmitglied ehren honorary",
}
_MEMBER_STATUS_WORDS = {
    word: status for status, words in _MEMBER_STATUSES.items() for word in words.split()
}

STATES = {
    "BW": "Baden-Württemberg", "BY": "Bayern|Bavaria", "BE": "Berlin", "BB": "Brandenburg",
    "HB": "Bremen", "HH": "Hamburg", "HE": "Hessen|Hesse",
    "MV": "Mecklenburg-Vorpommern|Mecklenburg-Western Pomerania",
    "NI": "Niedersachsen|Lower Saxony", "NW": "Nordrhein-Westfalen|North Rhine-Westphalia|NRW",
    "RP": "Rheinland-Pfalz|Rhineland-Palatinate", "SL": "Saarland", "SN": "Sachsen|Saxony",
    "ST": "Sachsen-Anhalt|Saxony-Anhalt", "SH": "Schleswig-Holstein", "TH": "Thüringen|Thuringia",
}  # fmt: skip
COUNTRIES = {
    "DE": "Deutschland|Germany|D|BRD|GER", "AT": "Österreich|Austria|A",
    "CH": "Schweiz|Switzerland",
    "FR": "Frankreich|France|F", "IT": "Italien|Italy|I", "ES": "Spanien|Spain|E",
    "PT": "Portugal|P", "NL": "Niederlande|Netherlands|Holland", "BE": "Belgien|Belgium|B",
    "LU": "Luxemburg|Luxembourg|L", "DK": "Dänemark|Denmark", "SE": "Schweden|Sweden|S",
    "NO": "Norwegen|Norway|N", "FI": "Finnland|Finland|FIN", "IS": "Island|Iceland",
    "IE": "Irland|Ireland|IRL",
    "GB": "Großbritannien|United Kingdom|UK|Vereinigtes Königreich|England",
    "PL": "Polen|Poland|PL", "CZ": "Tschechien|Czechia|Czech Republic|Tschechische Republik",
    "SK": "Slowakei|Slovakia", "HU": "Ungarn|Hungary|H", "SI": "Slowenien|Slovenia|SLO",
    "HR": "Kroatien|Croatia", "RO": "Rumänien|Romania", "BG": "Bulgarien|Bulgaria",
    "GR": "Griechenland|Greece|EL", "CY": "Zypern|Cyprus", "MT": "Malta",
    "EE": "Estland|Estonia|EST", "LV": "Lettland|Latvia", "LT": "Litauen|Lithuania",
    "RS": "Serbien|Serbia", "UA": "Ukraine", "TR": "Türkei|Turkey|Türkiye", "IL": "Israel",
    "US": "USA|United States|Vereinigte Staaten", "CA": "Kanada|Canada", "JP": "Japan",
    "CN": "China", "KR": "Südkorea|South Korea|Korea", "LI": "Liechtenstein|FL",
}  # fmt: skip
LANGUAGES = {
    "de": "deutsch|german|d|ger|deu|de", "en": "englisch|english|e|eng|en",
    "fr": "französisch|french",
    "it": "italienisch|italian", "pl": "polnisch|polish", "cs": "tschechisch|czech",
    "es": "spanisch",
}  # fmt: skip


def _by_name(names: Mapping[str, str]) -> dict[str, str]:
    found = {fold(code): code for code in names}
    for code, spellings in names.items():
        found |= {fold(spelling): code for spelling in spellings.split("|")}
    return found


_STATE_NAMES = _by_name(STATES)
_COUNTRY_NAMES = _by_name(COUNTRIES)
_LANGUAGE_NAMES = _by_name(LANGUAGES)


def read_type(cell: Cell) -> Reading[OrganisationType]:
    words = re.findall(r"[a-z]+", fold(text_of(cell)))
    for word in words:
        if word in _TYPE_WORDS:
            return Reading(_TYPE_WORDS[word])
    for word in words:
        nearest = _nearest(word, _TYPE_WORDS)
        if nearest:
            kind = _TYPE_WORDS[nearest]
            return Reading(kind, Finding("guessed", values={"read_as": nearest}))
    return unread("unknown_type")


def read_member_status(cell: Cell) -> Reading[str]:
    """Read full, associated, supporting or honorary; "associated member" is not a full one."""
    words = re.findall(r"[a-z]+", fold(text_of(cell)))
    found = {_MEMBER_STATUS_WORDS[word] for word in words if word in _MEMBER_STATUS_WORDS}
    found = found - {"full"} or found
    return Reading(found.pop()) if len(found) == 1 else unread("unknown_member_status")


def read_yes_no(cell: Cell) -> Reading[bool]:
    word = fold(text_of(cell)).strip(" .!")
    if word in _YES:
        return Reading(value=True)
    return Reading(value=False) if word in _NO else unread("not_yes_no")


def read_visibility(
    cell: Cell, *, yes_means: Visibility = Visibility.PARTNERS
) -> Reading[Visibility]:
    word = " ".join(fold(text_of(cell)).replace("-", "").split())
    if word in VISIBILITY_WORDS:
        return Reading(VISIBILITY_WORDS[word])
    answer = read_yes_no(cell)
    if answer.value is not None:
        return Reading(yes_means if answer.value else Visibility.OWN)
    return Reading(Visibility.OWN, Finding("unknown_visibility"))


def read_country(cell: Cell) -> Reading[str]:
    return _read_name(cell, _COUNTRY_NAMES, "unknown_country")


def read_state(cell: Cell) -> Reading[str]:
    return _read_name(cell, _STATE_NAMES, "unknown_state")


def read_language(cell: Cell) -> Reading[str]:
    first, *others = re.split(r"[,;/\s+|]+", text_of(cell).strip(",;/+| "))
    reading = _read_name(first, _LANGUAGE_NAMES, "unknown_language")
    if others and reading.value and not reading.finding:
        return Reading(
            reading.value, Finding("first_of_several", Severity.NOTE, {"read_as": reading.value})
        )
    return reading


def _read_name(cell: Cell, names: Mapping[str, str], code: str) -> Reading[str]:
    word = fold(text_of(cell)).strip(" .()")
    if word in names:
        return Reading(names[word])
    if nearest := _nearest(word, names):
        return Reading(names[nearest], Finding("guessed", values={"read_as": nearest}))
    if len(word) == 2 and word.isalpha():
        return Reading(word.upper())
    return unread(code)


def _nearest(word: str, known: Mapping[str, object]) -> str:
    if len(word) < 5:
        return ""
    best = process.extractOne(word, known.keys(), scorer=fuzz.ratio, score_cutoff=82)
    return best[0] if best else ""


# ---------------------------------------------------------------- what an unknown word may mean

_KNOWN: dict[str, Mapping[str, object]] = {
    "type": _TYPE_WORDS,
    "visibility": VISIBILITY_WORDS,
    "public": VISIBILITY_WORDS,
    "country": _COUNTRY_NAMES,
    "state": _STATE_NAMES,
    "language": _LANGUAGE_NAMES,
    "member_status": _MEMBER_STATUS_WORDS,
    "sme": {"ja": "ja", "yes": "ja", "nein": "nein", "no": "nein"},
}


def known_values(field: str) -> list[str]:
    """Return all values a field with fixed words can have."""
    return list(dict.fromkeys(map(str, _KNOWN.get(field, {}).values())))


def nearest_values(field: str, text: str, *, most: int = 3) -> list[str]:
    """Return the values whose German or English words come nearest to a text."""
    known = _KNOWN.get(field, {})
    ranked = process.extract(
        fold(text), known.keys(), scorer=fuzz.WRatio, score_cutoff=70, limit=20
    )
    return list(dict.fromkeys(str(known[word]) for word, *_ in ranked))[:most]
