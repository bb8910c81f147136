import pytest

from verbund.language.spelling import fold, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Müller", "mueller"),
        ("Gießerei", "giesserei"),
        ("Schweiß\N{COMBINING DIAERESIS}", "schweiss"),
        ("u\N{COMBINING DIAERESIS}ber", "ueber"),
        ("Café", "cafe"),
        ("Øresund Łódź", "oeresund lodz"),
        ("ẞ", "ss"),
    ],
)
def test_fold_writes_letters_out(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words_splits_after_folding() -> None:
    assert words("Schweißnaht-Prüfung (3D), 1.250 m²") == [
        "schweissnaht",
        "pruefung",
        "3d",
        "1",
        "250",
        "m2",
    ]
