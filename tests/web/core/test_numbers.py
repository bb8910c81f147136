from decimal import Decimal

import pytest
from django.utils.translation import override

from verbund.web.core.templatetags.verbund import number


@pytest.mark.parametrize(
    ("value", "decimals", "german", "english"),
    [
        (0.1709, 1, "0,2", "0.2"),
        (1250, 0, "1.250", "1,250"),
        (Decimal("3299.96"), 1, "3.300,0", "3,300.0"),
        (None, 0, "–", "–"),
    ],
)
def test_number_is_rounded_and_written_as_the_language_does(
    value: float | Decimal | None, decimals: int, german: str, english: str
) -> None:
    with override("de"):
        in_german = number(value, decimals)
    with override("en"):
        in_english = number(value, decimals)

    assert (in_german, in_english) == (german, english)
