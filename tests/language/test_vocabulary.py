import pytest

from verbund.language.lexicon import lexicon
from verbund.language.vocabulary import Concept, ConceptKind, Vocabulary, vocabulary


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Schweißnahtprüfung an Türen", "weld-inspection"),
        ("Prüfung von Schweißnähten", "weld-inspection"),
        ("Prüfung der Schweissnaehte", "weld-inspection"),
        ("inline weld seam inspection", "weld-inspection"),
        ("Freiform-Optiken aus Kunststoff", "free-form-optics"),
        ("freeform optics up to 200 mm", "free-form-optics"),
        ("Anzeigen für das HUD", "head-up-display"),
        ("KI in der Fertigung", "artificial-intelligence"),
        ("Batteriezellfertigung", "battery-production"),
        ("Wärmebildkameras", "thermal-imaging"),
        ("Hyperspektralkameras", "hyperspectral-imaging"),
    ],
)
def test_find_knows_concepts_in_both_languages(text: str, concept: str) -> None:
    assert vocabulary().find(text)[concept] == 1.0


def test_find_leaves_out_what_a_longer_term_covers() -> None:
    found = vocabulary().find("Laserschneiden von Blechen")

    assert "laser-cutting-and-drilling" in found
    assert "lasers" not in found


def test_a_part_of_a_longer_word_means_nothing_else() -> None:
    assert "rail" not in vocabulary().find("Leiterbahnen auf Folie")


def test_find_does_not_reach_over_punctuation() -> None:
    terms = Vocabulary(
        [Concept("weld-test", ConceptKind.PROCESS, "Schweißnahtprüfung", "weld seam inspection")],
        lexicon(),
    )

    assert terms.find("Schweißen, Nähte, Prüfung") == {}
    assert terms.find("Schweißnahtprüfung") == {"weld-test": 1.0}


def test_find_is_less_sure_of_scattered_words() -> None:
    terms = Vocabulary(
        [Concept("weld-test", ConceptKind.PROCESS, "Schweißnahtprüfung", "weld seam inspection")],
        lexicon(),
    )

    assert terms.find("Prüfung mit Laser an der Schweißnaht") == {"weld-test": pytest.approx(0.8)}


def test_find_in_empty_text_finds_nothing() -> None:
    assert vocabulary().find("") == {}


def test_shipped_concepts_are_sound() -> None:
    concepts = vocabulary().concepts

    faults = [
        c.id
        for c in concepts.values()
        if not c.label_de
        or not c.label_en
        or (c.broader and concepts[c.broader].kind is not c.kind)
        or vocabulary().top(c.id).broader
    ]
    assert faults == []
    assert len(concepts) > 200


def test_shipped_labels_are_found_as_their_own_concept() -> None:
    known = vocabulary()

    lost = [
        c.id
        for c in known.concepts.values()
        if c.id not in known.find(c.label_de) and c.id not in known.find(c.label_en)
    ]
    assert lost == []
