import pytest

from verbund.language.lexicon import lexicon


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("schweissen", "welding"),
        ("naht", "seam"),
        ("beschichtungen", "coatings"),
        ("gehaeuse", "housings"),
        ("scheinwerfer", "headlamps"),
        ("kamera", "cameras"),
    ],
)
def test_word_of_both_languages_has_one_atom(german: str, english: str) -> None:
    assert lexicon().word(german).atoms == lexicon().word(english).atoms != ()


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("schweissnahtpruefung", ("schweiss", "naht", "pruefung")),
        ("innenraumbeleuchtung", ("innenraum", "beleuchtung")),
        ("laserreinigung", ("laser", "reinigung")),
        ("karosseriebau", ("karosserie", "bau")),
        ("nitinolrohre", ("nitinol", "rohre")),
        ("optik", ()),
        ("xqzwtrbnm", ()),
    ],
)
def test_split_takes_compounds_apart(compound: str, parts: tuple[str, ...]) -> None:
    assert lexicon().split(compound) == parts


@pytest.mark.parametrize("word", ["und", "the", "loesungen", "products", "7", "2024", "a"])
def test_word_without_a_subject_has_no_atoms(word: str) -> None:
    assert lexicon().word(word).atoms == ()


def test_word_keeps_numbers_of_standards() -> None:
    assert lexicon().word("16949").atoms == ("16949",)


def test_word_of_no_group_is_stemmed() -> None:
    assert lexicon().word("zorbings").atoms == lexicon().word("zorbing").atoms
