"""Cells as people write them: German and English numbers, words for kinds, countries, yes and no.

Each reader takes a cell and returns a `Reading`: the value, and a finding where the cell could not
be read or was read in a way worth checking.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Never, TypeVar

from rapidfuzz import fuzz, process

from verbund.language.spelling import fold
from verbund.records.organisation import OrganisationType, Visibility
from verbund.records.problems import Severity
from verbund.records.tables import Cell

T_co = TypeVar("T_co", covariant=True)

_MOJIBAKE = re.compile("Ã[\u0080-\u00bf„–œŸžš¤¶¼]|â€[œ\u009d“”ž™˜¦]|Â[§°²³]")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\ufeff\u00ad\u2060]")
_BREAKS = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_EXCEL_ERROR = re.compile(
    r"#(REF|BEZUG|N/A|NV|VALUE|WERT|DIV/0|NAME|NULL|NUM|ZAHL|SPILL|ÜBERLAUF|CALC|KALK|FIELD|FELD"
    r"|GETTING_DATA)[!?]?|#{3,}|(Err|Fehler):5\d\d",
    re.I,
)
_NOTHING = frozenset(
    (
        "-", "–", "—", "--", "---", "?", ".", "/", "k.a.", "k. a.", "k.a", "ka", "n/a", "n.a.",
        "n. a.", "na", "nn", "n.n.", "n. n.", "keine angabe", "keine angaben", "unbekannt",
        "entfällt",
        "none", "null", "nan", "nil", "unknown", "not stated", "not available", "tbd", "keine",
        "kein",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """What to tell about a cell; `code` as in `Problem`."""

    code: str
    severity: Severity = Severity.WARNING
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """What a cell says, if it could be read, and what there is to tell about it."""

    value: T_co | None = None
    finding: Finding | None = None


def unread(code: str, severity: Severity = Severity.WARNING, **values: object) -> Reading[Never]:
    return Reading(None, Finding(code, severity, values))


def is_nothing(text: str) -> bool:
    """Tell whether a cell says that there is nothing to say: empty, "-", "k. A.", "n/a"."""
    return not text or text.casefold() in _NOTHING


def text_of(cell: Cell) -> str:
    """Write a cell as text, line breaks kept, invisible characters and stray blanks gone."""
    if isinstance(cell, bool):
        return "ja" if cell else "nein"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, (dt.date, dt.time, dt.timedelta)):
        return str(cell).removesuffix(" 00:00:00")
    text = _BREAKS.sub("\n", _INVISIBLE.sub("", str(cell)))
    if _MOJIBAKE.search(text):
        text = repaired(text)
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(lines).strip()


def repaired(text: str) -> str:
    """Undo UTF-8 that was once read as Windows-1252 ("MÃ¼ller"), sound letters beside it kept."""
    return _NOT_ASCII.sub(lambda letters: _repaired(letters[0]), text)


def _repaired(letters: str) -> str:
    try:
        return letters.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return letters


def is_excel_error(text: str) -> bool:
    return bool(_EXCEL_ERROR.fullmatch(text))


# ---------------------------------------------------------------- numbers

_ABOUT = re.compile(
    r"^(ca|circa|rd|rund|etwa|approx|approximately|about|ungef|geschaetzt)\b\.?|^[~≈]"
)
_LIMIT = re.compile(
    r"^(ueber|mehr als|over|more than|bis zu|up to|unter|weniger als|less than|[<>]=?|[≥≤])"
)
_SCALES = (
    (r"mrd\.?|milliarden?|billion|bn", 1e9),
    (r"mio\.?|millionen|million|mill\.?|mn|m", 1e6),
    (r"tsd\.?|tausend|thousand|t|k", 1e3),
)
_CURRENCY = r"(?:eur|euro|€)"
_UNIT_WORDS = r"(?:mitarbeiter\w*|beschaeftigte\w*|personen|ma|employees|staff|people|fte|vzae|vzk)"
_NUMBER = r"[+-]?\d[\d.,' ]*"
_LARGEST = 1e15  # no firm has more of anything; this keeps infinity out as well


def read_number(cell: Cell, *, factor: float = 1.0) -> Reading[float]:
    """Read a number as written in German or English; `factor` is the unit of the heading."""
    if isinstance(cell, bool):
        return unread("not_a_number")
    if isinstance(cell, (dt.date, dt.time, dt.timedelta)):
        return unread("date_for_number")
    if isinstance(cell, str):
        reading = _read_written_number(cell, factor)
    else:
        reading = Reading(cell * factor) if abs(cell) <= _LARGEST else unread("not_a_number")
    if reading.value is not None and not abs(reading.value) <= _LARGEST:
        return unread("not_a_number")
    return reading


def _read_written_number(cell: str, factor: float) -> Reading[float]:
    text = " ".join(fold(text_of(cell)).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    approximate = bool(_ABOUT.search(text) or _LIMIT.search(text) or text.endswith("+"))
    text = _LIMIT.sub("", _ABOUT.sub("", text)).strip().rstrip("+").strip()
    text = re.sub(rf"\b{_UNIT_WORDS}\b\.?", "", text).strip()
    text = re.sub(r"(,|\.)(-|--|–)(?=\s|$|€)", "", text)
    text = re.sub(
        rf"^{_CURRENCY}\s*|\s*{_CURRENCY}$|(?<=[a-z0-9.])\s*{_CURRENCY}$", "", text
    ).strip()
    scale = 1.0
    for pattern, size in _SCALES:
        if match := re.fullmatch(
            rf"({_NUMBER}(?:\s*(?:-|–|bis|to)\s*{_NUMBER})?)\s*(?:{pattern})", text
        ):
            text, scale = match[1].strip(), size
            break
    if ends := re.fullmatch(rf"({_NUMBER})\s*(?:-|–|bis|to)\s*({_NUMBER})", text):
        low = _plain_number(ends[1], max(scale, factor))
        if low is not None:
            value = low * (scale if scale > 1 else factor)
            return Reading(value, Finding("range", Severity.NOTE, {"value": value}))
    value_or_none = _plain_number(text, max(scale, factor))
    if value_or_none is None:
        return unread("not_a_number")
    value = value_or_none * (scale if scale > 1 else factor)
    if approximate:
        return Reading(value, Finding("approximate", Severity.NOTE, {"value": value}))
    return Reading(value)


def _plain_number(text: str, scale: float) -> float | None:
    """Read digits with German or English separators.

    One separator with exactly three digits behind it groups thousands ("1.250"), unless nothing
    but a zero stands before it ("0,250") or it is a comma and the unit is millions ("1,250 Mio."):
    of two kinds the last is the decimal one.
    """
    text = re.sub(r"(?<=\d)[ '](?=\d{3}\b)", "", text.strip())
    if not re.fullmatch(r"[+-]?[\d.,]+", text):
        return None
    if "." in text and "," in text:
        decimal = max(".", ",", key=text.rfind)
        grouping = "," if decimal == "." else "."
        text = text.replace(grouping, "").replace(decimal, ".")
    elif re.fullmatch(r"[+-]?[1-9]\d{0,2}(\.\d{3})+", text):
        text = text.replace(".", "")
    elif re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+", text) and (scale < 1e6 or text.count(",") > 1):
        text = text.replace(",", "")
    else:
        text = text.replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return None


def read_count(cell: Cell, *, factor: float = 1.0) -> Reading[int]:
    reading = read_number(cell, factor=factor)
    if reading.value is None:
        return Reading(None, reading.finding)
    if reading.value < 0:
        return unread("negative")
    whole = round(reading.value)
    if whole != reading.value and not reading.finding:
        return Reading(whole, Finding("rounded", Severity.NOTE, {"value": whole}))
    return Reading(whole, reading.finding)


def read_amount(cell: Cell, *, factor: float = 1.0) -> Reading[float]:
    reading = read_number(cell, factor=factor)
    if reading.value is not None and reading.value < 0:
        return unread("negative")
    return reading


def read_degrees(cell: Cell, *, largest: float) -> Reading[float]:
    if isinstance(cell, str):
        text = text_of(cell).replace(",", ".").rstrip("°NEOneo ")
        try:
            value = float(text)
        except ValueError:
            return unread("not_a_number")
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        value = float(cell)
    else:
        return unread("not_a_number")
    return Reading(value) if abs(value) <= largest else unread("off_globe")


# ---------------------------------------------------------------- words

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
_VISIBILITY_WORDS = {word: kind for kind, words in _VISIBILITIES.items() for word in words}

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


def read_yes_no(cell: Cell) -> Reading[bool]:
    word = fold(text_of(cell)).strip(" .!")
    if word in _YES:
        return Reading(value=True)
    return Reading(value=False) if word in _NO else unread("not_yes_no")


def read_visibility(
    cell: Cell, *, yes_means: Visibility = Visibility.PARTNERS
) -> Reading[Visibility]:
    word = " ".join(fold(text_of(cell)).replace("-", "").split())
    if word in _VISIBILITY_WORDS:
        return Reading(_VISIBILITY_WORDS[word])
    answer = read_yes_no(cell)
    if answer.value is not None:
        return Reading(yes_means if answer.value else Visibility.OWN)
    nearest = _nearest(word, _VISIBILITY_WORDS)
    return unread("unknown_visibility", nearest=nearest or "own")


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


# ---------------------------------------------------------------- places and addresses of the net

_WEBSITE = re.compile(r"https?://[^\s/,()<>\[\]]+\.[^\s/.?#]{2,}([/?#]\S*)?", re.I)
_CITY_LINE = re.compile(r"(?:([A-Z]{1,2})[- ])?(\d{4,5})\s*,?\s+([^\d,;\n]{2,})")


def read_postal_code(cell: Cell, *, country: str) -> Reading[str]:
    """Read a postal code; Excel drops the leading zero of German ones."""
    text = text_of(cell).upper()
    german = country in ("", "DE")
    if re.fullmatch(r"(D|DE)[- ]?\d{5}", text):
        return Reading(text[-5:])
    if german and re.fullmatch(r"\d{4}", text):
        return Reading("0" + text, Finding("zero_lost", Severity.NOTE, {"read_as": "0" + text}))
    if german and not re.fullmatch(r"\d{5}", text):
        return unread("not_a_postal_code")
    return Reading(text)


def read_city_line(cell: Cell) -> Reading[tuple[str, str]]:
    """Find postal code and town in "07743 Jena" or in a whole address."""
    text = text_of(cell)
    for line in reversed(re.split(r"[\n;]", text)):
        if match := list(_CITY_LINE.finditer(line)):
            return Reading((match[-1][2], match[-1][3].strip(" ,")))
    return Reading(("", text)) if re.fullmatch(r"[^\d,;\n]{2,40}", text) else unread("no_city")


def read_email(cell: Cell) -> Reading[str]:
    text = re.sub(r"mailto:", "", text_of(cell), flags=re.I)
    candidates = [part for part in re.split(r"[;,\s|<>()]+", text) if "@" in part]
    good = [part for part in candidates if re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}", part)]
    if not good:
        return unread("not_an_email")
    if len(candidates) > 1:
        return Reading(good[0], Finding("first_of_several", Severity.NOTE, {"read_as": good[0]}))
    return Reading(good[0])


def read_website(cell: Cell) -> Reading[str]:
    parts = re.split(r"\s*[;|]\s*|,?\s+", text_of(cell))
    bare = (part.strip("<>()[]") if part[:1] in tuple("<([") else part for part in parts)
    candidates = [part for part in bare if "." in part]
    addresses = [
        part if re.match(r"https?://", part, re.I) else f"https://{part}" for part in candidates
    ]
    good = [address for address in addresses if _WEBSITE.fullmatch(address)]
    if not good:
        return unread("not_a_website")
    if len(set(good)) > 1:
        return Reading(good[0], Finding("first_of_several", Severity.NOTE, {"read_as": good[0]}))
    return Reading(good[0])


def read_position(cell: Cell) -> Reading[tuple[float, float]]:
    numbers = re.findall(r"-?\d+[.,]?\d*", text_of(cell).strip("()[] "))
    if len(numbers) != 2:
        return unread("not_a_position")
    lat, lon = (float(number.replace(",", ".")) for number in numbers)
    return Reading((lat, lon)) if abs(lat) <= 90 and abs(lon) <= 180 else unread("off_globe")
