"""Lists as they come: the matcher answers, in a stable order, and says what it can."""

import datetime as dt

import pytest

from tests.matching.conftest import Firm, Past
from verbund import match
from verbund.records.organisation import Organisation


def pairs(left: list[Organisation], right: list[Organisation]) -> list[tuple[str, str]]:
    return [(i.left.id, i.right.id) for i in match(left, right).introductions]


def test_equal_scores_keep_the_order_of_the_lists(firm: Firm) -> None:
    left = [firm(f"L{n}", requests=("Laserschweißen von Kupfer",)) for n in range(3)]
    right = [firm(f"R{n}", offers=("Laserschweißen von Kupfer",)) for n in range(3)]

    assert pairs(left, right) == [(f"L{i}", f"R{j}") for i in range(3) for j in range(3)]


def test_members_who_say_nothing_are_met_with_silence(firm: Firm) -> None:
    assert pairs([firm("A", offers=("",), requests=())], [firm("X")]) == []


@pytest.mark.parametrize(
    "written",
    [
        "LASERSCHWEISSEN VON KUPFER",
        "🙂🙂 Laserschweißen von Kupfer 🚀",
        "laserschweissen von kupfer",
    ],
)
def test_capitals_emoji_and_spelling_change_little(firm: Firm, written: str) -> None:
    seeker = firm("A", requests=("Laserschweißen von Kupfer",))
    plain, odd = firm("X", offers=("Laserschweißen von Kupfer",)), firm("Y", offers=(written,))
    result = match([seeker], [plain, odd, firm("Z", offers=("Verpackungen aus Karton",))])

    scores = {right: result.explain("A", right).score for right in "XYZ"}
    assert scores["Y"] > 0.9 * scores["X"] > scores["Z"]
    assert f"„{written}“" in result.explain("A", "Y").reason("de")


def test_one_letter_and_a_megabyte_are_answered(firm: Firm) -> None:
    long = "Wir bauen Laser für die Medizin. " * 30_000
    result = match([firm("A", profile="x", requests=("Laser",))], [firm("X", profile=long)])

    assert result.introductions
    assert max(len(r.phrase.say("de")) for r in result.introductions[0].explanation.reasons) < 600


def test_projects_of_the_future_count_like_new_ones(firm: Firm, past: Past) -> None:
    year = dt.date.max.year
    history = past((year, "Laser", ["A", "Z"]), (2023, "Laser", ["Z", "X"]))
    reason = match([firm("A")], [firm("X")], history=history).introductions[0].reason("de")

    assert f"PROJ0 ({year})" in reason


def test_the_same_firm_on_both_sides_is_not_its_own_partner(firm: Firm) -> None:
    twice = {
        "name": "Lumeris Optik GmbH",
        "city": "Jena",
        "offers": ("Laser",),
        "requests": ("Laser",),
    }
    result = match([firm("A", **twice)], [firm("X", **twice), firm("Y", offers=("Laser",))])

    assert [i.right.id for i in result.introductions] == ["Y"]
    standing = result.standing("A", "X")
    assert standing.absent is not None
    assert standing.absent.code == "absent.same"
