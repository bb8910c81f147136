"""The engines' sentences in German and English: a code and values in, a sentence out.

A catalogue maps codes to templates. Beside Python's own format a template may use

    {name:quote}            in the quotation marks of the language
    {names:and}             a list of texts or of things to say: a, b und c
    {words:quotes}          such a list, each in quotation marks
    {count:Firma|Firmen}    the number with the right form of the noun
    {value:n}               a number with the separators of the language
    {value:n1} {value:n2}   the same with one decimal, with two
    {distance:km}           whole kilometres
    {day:date}              4. März 2022 / 4 March 2022
    {part:say}              anything with a text in each language, such as a `Phrase`
"""

from __future__ import annotations

from verbund.wording.sentences import (
    LANGUAGES,
    Language,
    Phrase,
    Sayable,
    language_of_environment,
    message,
    number,
    refuse,
    sentence,
)

__all__ = [
    "LANGUAGES",
    "Language",
    "Phrase",
    "Sayable",
    "language_of_environment",
    "message",
    "number",
    "refuse",
    "sentence",
]
