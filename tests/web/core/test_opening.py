"""The beginning of a text: whole sentences."""

from __future__ import annotations

import pytest

from verbund.web.core.templatetags.verbund import opening

TEXT = "Begun on 5. March 2004 by makers. Members are firms. The office is in Leipzig."


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (3, "Begun on 5. March 2004 by makers."),
        (10, "Begun on 5. March 2004 by makers. Members are firms."),
        (99, TEXT),
    ],
)
def test_no_sentence_is_cut(words: int, kept: str) -> None:
    assert opening(TEXT, words) == kept


def test_nothing_stays_nothing() -> None:
    assert opening("", 10) == ""
