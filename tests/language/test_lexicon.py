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


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("mueller", "muell"),
        ("muellers", "muell"),
        ("steinmueller", "muell"),
        ("weber", "web"),
        ("fischer", "fisch"),
        ("steiner", "stein"),
        ("bremer", "bremse"),
    ],
)
def test_a_name_is_no_thing(name: str, thing: str) -> None:
    assert not {*lexicon().word(name).atoms} & {*lexicon().word(thing).atoms}


@pytest.mark.parametrize(
    ("inflected", "word"),
    [
        ("dreher", "drehen"),
        ("giesser", "giessen"),
        ("welder", "welding"),
        ("optischer", "optisch"),
        ("duenner", "duenn"),
        ("lichtern", "licht"),
        ("bildern", "bild"),
        ("lasern", "laser"),
    ],
)
def test_who_does_it_and_inflections_stay_with_the_word(inflected: str, word: str) -> None:
    assert lexicon().word(inflected).atoms == lexicon().word(word).atoms != ()
