import numpy as np
import pytest

from verbund.language.terms import TermSpace, terms_of
from verbund.language.vocabulary import vocabulary


def test_terms_of_translations_are_the_same_words() -> None:
    assert terms_of("Beschichtung von Gehäusen") == terms_of("coating of housings")


def test_terms_of_repeated_word_grows_with_the_logarithm() -> None:
    once, thrice = terms_of("Laser"), terms_of("Laser Laser Laser")

    assert once == {"laser": 1.0}
    assert thrice == {"laser": pytest.approx(1.0 + np.log(3))}


def test_terms_of_names_concepts_only_with_a_vocabulary() -> None:
    concept = "c:weld-inspection"

    assert concept not in terms_of("Schweißnahtprüfung")
    assert concept in terms_of("Schweißnahtprüfung", vocabulary())


def test_vectors_have_unit_length_and_empty_texts_are_zero() -> None:
    texts = [terms_of("Laser und Linse"), terms_of(""), terms_of("Linse")]
    matrix = TermSpace(texts).vectors(texts).toarray()

    assert np.linalg.norm(matrix, axis=1) == pytest.approx([1.0, 0.0, 1.0])


def test_vectors_weigh_rare_terms_more() -> None:
    texts = [terms_of("Laser Linse"), terms_of("Laser"), terms_of("Laser Kamera")]
    space = TermSpace(texts)
    row = space.vectors(texts[:1]).toarray()[0]

    assert row[space.index["linse"]] > row[space.index["laser"]]


def test_vectors_pass_over_unknown_terms() -> None:
    space = TermSpace([terms_of("Laser")])

    assert space.vectors([terms_of("Kamera")]).nnz == 0
