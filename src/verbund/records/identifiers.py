"""Numbers of registers: how each is written, and its check digits where the register has them.

vat        VAT number: two letters of a state and what follows; Germany's by mod 11, 10
register   commercial register: HRA, HRB, VR ... with number and court
ror        Research Organization Registry: 0 and eight characters, ISO 7064 mod 97-10
pic        participant identification code of the EU: nine digits
lei        legal entity identifier (ISO 17442): 20 characters, ISO 7064 mod 97-10
"""

from __future__ import annotations

import re
from collections.abc import Callable

from verbund.wording import refuse

PIC_DIGITS = 9
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"  # base 32 without i, l, o, u
_VAT = re.compile(
    r"(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI|CHE|GB|NO)"
    r"[0-9A-Z+*]{2,13}"
)
_REGISTER = re.compile(r"(HRA|HRB|GNR|GSR|GVR|PR|VR)\s*(\d{1,7})\s*([A-Z]{0,3})\b[\s,]*(.*)", re.I)


def read_identifier(scheme: str, text: str) -> str:
    """Return a number as its register writes it.

    Examples
    --------
    >>> read_identifier("vat", "DE 136 695 976")
    'DE136695976'
    >>> read_identifier("ror", "https://ror.org/05qpz1x62")
    '05qpz1x62'

    Raises
    ------
    InvalidInput
        For a number that this register cannot have given; a code for each reason.
    """
    return _READERS[scheme](" ".join(text.split()))


def _vat(text: str) -> str:
    number = re.sub(r"[\s.\-/]", "", text).upper()
    if not _VAT.fullmatch(number):
        raise refuse("identifier.vat", found=text)
    if number.startswith("DE") and not _is_german_vat(number[2:]):
        raise refuse("identifier.vat_de", found=text)
    return number


def _is_german_vat(digits: str) -> bool:
    """Tell whether the ninth digit is the check digit of the others (ISO 7064 mod 11, 10)."""
    if not re.fullmatch(r"[1-9]\d{8}", digits):
        return False
    product = 10
    for digit in digits[:-1]:
        product = 2 * ((int(digit) + product) % 10 or 10) % 11
    return (11 - product) % 10 == int(digits[-1])


def _register(text: str) -> str:
    match = _REGISTER.search(text)
    if not match:
        raise refuse("identifier.register", found=text)
    kind, number, suffix, behind = match.groups()
    court = behind.strip() or text[: match.start()].strip(" ,")
    court = re.sub(r"^(?:Amtsgericht|AG|Registergericht)\s+", "", court).strip(" ,()")
    return " ".join(filter(None, (kind.upper(), number, suffix.upper(), court)))


def _ror(text: str) -> str:
    number = re.sub(r"^(?:https?://)?(?:www\.)?ror\.org/", "", text.lower().rstrip("/"))
    if not re.fullmatch(rf"0[{_CROCKFORD}]{{6}}\d\d", number):
        raise refuse("identifier.ror", found=text)
    value = 0
    for letter in number[:7]:
        value = value * 32 + _CROCKFORD.index(letter)
    if 98 - value * 100 % 97 != int(number[7:]):
        raise refuse("identifier.check", found=text)
    return number


def _pic(text: str) -> str:
    digits = re.sub(r"[\s.]", "", text)
    if not re.fullmatch(rf"\d{{{PIC_DIGITS}}}", digits):
        raise refuse("identifier.pic", found=text)
    return digits


def _lei(text: str) -> str:
    number = re.sub(r"[\s\-]", "", text).upper()
    if not re.fullmatch(r"[0-9A-Z]{18}\d\d", number):
        raise refuse("identifier.lei", found=text)
    if int("".join(str(int(letter, 36)) for letter in number)) % 97 != 1:
        raise refuse("identifier.check", found=text)
    return number


_READERS: dict[str, Callable[[str], str]] = {
    "vat": _vat,
    "register": _register,
    "ror": _ror,
    "pic": _pic,
    "lei": _lei,
}
