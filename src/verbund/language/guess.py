"""Which language a text is in, from small words and letters; offline, and careful.

German and English are what the product reads. Another language is named only where several of its
small words stand in the text and hardly any of German and English: lists of technical terms have
no small words and must not be taken for French.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

Guess = Literal["de", "en", "fr", "it", "es", "pt", "nl", "cs", "pl", "hu", "other", "unknown"]
"""`other`: another script than Latin. `unknown`: too little to tell, no reason to do anything."""

_READ = 4_000  # letters; what comes after says nothing new about the language
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_FOREIGN = 3.0  # points, at least two different small words among them
_FOREIGN_SHARE = 0.12  # of all words; a quoted title does not make a text French
_AHEAD = 2.0  # times the points of German and of English

_SMALL_WORDS: dict[Guess, str] = {
    "de": "der die das den dem des ein eine einer eines einem einen und oder für mit von vom zu zum"
    " zur im am auf aus bei beim nach durch über unter ohne gegen als wie ist sind wird werden wir"
    " unser unsere unserer unseren sich nicht auch sowie bis seit sie ihr ihre ihren kann können"
    " suchen bieten dass wenn nur noch mehr zwischen fuer ueber koennen",
    "en": "the of and or for to with by from at on as is are was were be been we our us you your it"
    " its this that these those not also into through which who can will would has have had their"
    " they them between within without looking offer more than such",
    "fr": "le la les du un une et ou où dans pour par sur avec sans nous notre nos vous votre vos"
    " est sont qui que dont ce cette ces aux au leur leurs ainsi plus entre chez depuis afin être"
    " avons proposons recherchons de des",
    "it": "il lo gli la le di del dello della dei degli delle da dal dalla dai nel nella nei nelle"
    " con per che sono siamo è una uno anche come più tra fra al alla alle ai sul sulla questo"
    " questa nostro nostra nostri nostre cerchiamo offriamo ed",
    "es": "el los las del de la una unos unas y para por con sin que es son está están como más"
    " entre nuestro nuestra nuestros nuestras somos buscamos ofrecemos desde hasta también sobre al"
    " su sus",
    "pt": "o os as do da dos das no na nos nas um uma uns umas e para por com sem que é são está"
    " como mais entre nosso nossa nossos nossas somos procuramos oferecemos desde até também sobre"
    " ao aos à pela pelo",
    "nl": "de het een en of van voor met naar bij uit door over onder zonder zijn wordt worden wij"
    " onze ons niet ook zoals dat die deze dit is aan op te tot kunnen zoeken bieden",
    "cs": "a v ve na se je jsou pro s z ze do od po při nebo jako který která které jsme náš naše"
    " našich hledáme nabízíme také mezi bez k ke u o i že však jejich",
    "pl": "i w we na się jest są dla z ze do od po przy lub oraz jako który która które jesteśmy"
    " nasz nasza nasze naszych szukamy oferujemy także między bez o że ich przez",
    "hu": "a az és egy is vagy valamint nem hogy mint van vagyunk számára által között keresünk"
    " kínálunk cégünk ami amely meg csak több ki",
}
# Letters and endings that hint at a language where small words are few.
_HINTS: dict[Guess, str] = {
    "de": r"[äöüß]|sch|(?:ung|ungen|keit|heit|schaft|technik|lich|isch|ische|ischer|tät)$",
    "en": r"^wh|th|(?:ing|ings|ity|ous|ful|ness|ical|ment|ed|gy|cy|ry|tion|tions)$",
    "fr": r"[éèêçœàâîôû]|(?:ique|iques|eur|eurs|eux|euse)$",
    "it": r"[àèìòù]$|(?:zione|zioni|tà|mento|menti|ità|ico|ica|iche)$",
    "es": r"ñ|(?:ción|ciones|dad|dades|ico|ica|ía)$",
    "pt": r"[ãõç]|(?:ção|ções|dade|ico|ica)$",
    "nl": r"ij|(?:lijk|lijke|heid|isch|ische|schap)$",
    "cs": r"[ěřů]|[čšžýí].*[áéíýčšž]",
    "pl": r"[ąęłńśźż]|sz|cz|rz",
    "hu": r"[őű]|(?:ás|és|ság|ség|nak|nek|ban|ben)$",
}
_OWN: tuple[Guess, ...] = ("de", "en")
_SHORTEST = 2  # letters of a small word: "e" and "o" are left over from "E-Motor", "O-Ring"
_HINT_WEIGHT = 0.5
_OWN_WORDS = frozenset(f"{_SMALL_WORDS['de']} {_SMALL_WORDS['en']}".split())
_WORDS_OF = {
    language: frozenset(words.split()) - (frozenset() if language in _OWN else _OWN_WORDS)
    for language, words in _SMALL_WORDS.items()
}
_HINT_OF = {language: re.compile(hint) for language, hint in _HINTS.items()}


def guess(text: str) -> Guess:
    """Guess the language of a text.

    Parameters
    ----------
    text
        Best a sentence or more; of a long text the beginning is read.

    Examples
    --------
    >>> guess("Wir prüfen Schweißnähte in der Linie.")
    'de'
    >>> guess("Nous recherchons un partenaire pour la mesure de couleur.")
    'fr'
    >>> guess("LiDAR, Laser, Sensor")
    'unknown'
    """
    found = _WORD.findall(unicodedata.normalize("NFKC", text[:_READ]).lower())
    words = [word for word in found if len(word) >= _SHORTEST]
    if not words:
        return "unknown"
    if sum(map(_is_latin, words)) < len(words) / 2:
        return "other"
    signs = {language: _signs(language, words) for language in _SMALL_WORDS}
    points = {language: sign.points for language, sign in signs.items()}
    german, english = (points.pop(language) for language in _OWN)
    *_, second, first = sorted(points, key=lambda language: (points[language], language))
    least = max(_LEAST_FOREIGN, _FOREIGN_SHARE * len(words), _AHEAD * max(german, english))
    if points[first] >= least and points[first] > points[second] and signs[first].different >= 2:
        return first
    if german == english:
        return "unknown"
    return "de" if german > english else "en"


class _Signs(NamedTuple):
    """How much speaks for a language, and how many different small words of it there are."""

    points: float
    different: int


def _signs(language: Guess, words: Sequence[str]) -> _Signs:
    small = Counter(word for word in words if word in _WORDS_OF[language])
    hints = {word for word in words if word not in small and _HINT_OF[language].search(word)}
    return _Signs(small.total() + _HINT_WEIGHT * len(hints), len(small))


def _is_latin(word: str) -> bool:
    """Tell whether a word has a letter of ours; "µm" and "λ/4" are no other script."""
    return any(unicodedata.name(letter, "").startswith("LATIN") for letter in word)
