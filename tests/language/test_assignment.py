import pytest

from verbund.language.assignment import NOT_SURE, SURE, Assignment, assign
from verbund.language.lexicon import lexicon
from verbund.language.vocabulary import Concept, ConceptKind, Vocabulary, vocabulary

BAKERY = Concept(
    "baking", ConceptKind.PROCESS, "Backen", "baking", about_de="Brot und Brötchen aus dem Ofen"
)
OPTICS = Concept("optics", ConceptKind.TECHNOLOGY, "Optik", "optics")
LENSES = Concept("lenses", ConceptKind.TECHNOLOGY, "Linsen", "lenses", broader="optics")


def assigned(text: str, *concepts: Concept) -> Assignment:
    known = Vocabulary(concepts, lexicon()) if concepts else vocabulary()
    return assign([text], known)[0]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("LiDAR", "lidar"),
        ("AOI", "visual-inspection"),
        ("Laserschweißen von Batteriezellen", "laser-welding"),
        ("Wer prüft unsere Schweißnähte?", "weld-inspection"),
        ("We grind and polish lenses", "grinding-and-polishing"),
        ("Apprenticeships in our company", "vocational-education"),
    ],
)
def test_what_a_text_names_is_sure(text: str, concept: str) -> None:
    assert concept in assigned(text).sure


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Wir sehen Poren im Inneren von Gussteilen, ohne sie aufzuschneiden", "x-ray-and-"),
        ("Keeping an eye on tired drivers", "driver-and-cabin-monitoring"),
    ],
)
def test_what_a_text_means_without_a_name_is_found(text: str, concept: str) -> None:
    found = assigned(text)

    assert vocabulary().find(text).keys().isdisjoint({concept})
    assert any(id_.startswith(concept) for id_ in (*found.sure, *found.unsure))


@pytest.mark.parametrize(
    "text",
    ["Steuerberatung für Handwerker", "Wedding cakes and flowers", "Chorprobe jeden Dienstag"],
)
def test_another_field_gets_nothing_for_sure(text: str) -> None:
    assert assigned(text).sure == {}


def test_confidences_keep_to_their_lines() -> None:
    texts = ["Kamera für die Prüfung von Linsen", "Wir messen Farbe und Glanz von Lack"]

    for found in assign(texts, vocabulary()):
        assert found.sure
        assert all(SURE <= confidence <= 1 for confidence in found.sure.values())
        assert all(NOT_SURE <= confidence < SURE for confidence in found.unsure.values())


def test_nothing_sure_but_something_proposed_is_unsure() -> None:
    assert Assignment({}, {"lidar": 0.2}).is_unsure
    assert not Assignment({"lidar": 0.9}, {"cameras": 0.2}).is_unsure
    assert not Assignment().is_unsure


def test_a_wider_concept_gives_way_to_a_narrower_one() -> None:
    assert list(assigned("Linsen", OPTICS, LENSES).sure) == ["lenses"]
    assert list(assigned("Optik", OPTICS, LENSES).sure) == ["optics"]


def test_a_description_is_an_example() -> None:
    plain = Concept("baking", ConceptKind.PROCESS, "Backen", "baking")
    text = "Frische Brötchen und Brot jeden Morgen"

    described, bare = (assigned(text, one, OPTICS).sure["baking"] for one in (BAKERY, plain))

    assert described > bare


def test_a_text_does_not_depend_on_the_others() -> None:
    texts = ["Laserschweißen", "Kamera", "", "Kameras sehen. Laser schweißen."]

    together = assign(texts, vocabulary())

    assert together == [assign([text], vocabulary())[0] for text in texts]


def test_sentences_count_one_by_one() -> None:
    filler = "Wir sind seit vielen Jahren gern für Sie da. " * 5

    assert "laser-welding" in assigned(f"{filler}Wir bieten Laserschweißen. {filler}").sure


def test_an_empty_vocabulary_finds_nothing() -> None:
    assert assign(["Laser"], Vocabulary([], lexicon())) == [Assignment()]


# ---------------------------------------------------------------- odd texts


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "x", "7", "🚗🔋💡", "12 kW, 532 nm, 0,3 µm", "\u200b\u200f", "... --- ***"],
)
def test_nothing_said_is_nothing_found(text: str) -> None:
    assert assigned(text) == Assignment()
    assert vocabulary().find(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "LASERSCHWEISSEN VON BATTERIEZELLEN",
        "LASERSCHWEIẞEN VON BATTERIEZELLEN",
        "Laser\u200bschwei\u00adßen von Batterie\u00adzellen",
        "\ufeffLaserschwei\u00dfen von\u00a0Batteriezellen",
        "<p>Laserschwei&szlig;en von&nbsp;<b>Batteriezellen</b></p>",
        "Ｌａｓｅｒschweißen von Batteriezellen",
    ],
)
def test_another_spelling_is_the_same_text(text: str) -> None:
    assert assigned(text) == assigned("Laserschweißen von Batteriezellen")


def test_abbreviations_are_found_among_capitals() -> None:
    assert {"visual-inspection", "oct"} <= vocabulary().find("PRÜFUNG MIT AOI UND OCT").keys()
    assert "oct" not in vocabulary().find("oct")


@pytest.mark.parametrize("text", ["LİDAR", "lıdar", "LI\u0301DAR"])
def test_letters_of_other_alphabets_fold(text: str) -> None:
    assert "lidar" in assigned(text).sure


def test_words_beside_another_script_are_read() -> None:
    assert "laser-welding" in assigned("لحام بالليزر Laserschweißen").sure


def test_comparisons_are_no_markup() -> None:
    assert "lidar" in assigned("Reichweite < 5 m, LiDAR, Preis > 100 Euro").sure


@pytest.mark.parametrize("once", ["Laserschweißen von Zellen. ", "Laserschweißen ", "x", "🚗"])
def test_a_megabyte_is_read_at_its_beginning(once: str) -> None:
    long = once * (1_000_000 // len(once))

    assert assigned(long) == assigned(long[:60_000])
    assert vocabulary().find(long) == vocabulary().find(long[:100_000])
