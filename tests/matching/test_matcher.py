from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.matching.conftest import Firm, Past
from verbund import InvalidInput, match
from verbund.matching import Introduction, Matcher, aggregate, lists, roster
from verbund.matching.lists import SIDES, SideName
from verbund.matching.statements import MOST_STATEMENTS, said_by
from verbund.records.organisation import Organisation
from verbund.wording import Phrase

TEXTS = (
    "Laserreinigung von Formen",
    "Laser cleaning of moulds",
    "Prüfung von Schweißnähten",
    "Weld seam inspection with laser triangulation",
    "Freiformoptik für Head-up-Displays",
    "free-form mirrors for head-up displays",
    "Wir suchen Partner für Lidar",
    "Infrared cameras for night vision",
    "",
)
TOWNS = ("Jena", "Gera", "Stuttgart", "")

texts = st.lists(st.sampled_from(TEXTS), max_size=3).map(lambda said: tuple(filter(None, said)))
words = st.fixed_dictionaries(
    {
        "offers": texts,
        "requests": texts,
        "topics": texts,
        "profile": st.sampled_from(TEXTS),
        "city": st.sampled_from(TOWNS),
        "contact_name": st.sampled_from(["", "", "A. Beispiel"]),
    }
)


def members(prefix: str, said: list[dict[str, object]]) -> list[Organisation]:
    return [
        Organisation(id=f"{prefix}{number}", name=f"{prefix}{number} GmbH", **one)  # type: ignore[arg-type]  # test values
        for number, one in enumerate(said)
    ]


def of_one(found: tuple[Introduction, ...], side: SideName, id_: str) -> list[Introduction]:
    return [i for i in found if getattr(i, side).id == id_]


def ours_and_theirs(
    ours: list[Organisation], theirs: list[Organisation]
) -> list[tuple[SideName, list[Organisation]]]:
    return [("left", ours), ("right", theirs)]


def told(found: list[Introduction] | tuple[Introduction, ...]) -> list[object]:
    return [(i.left, i.right, i.explanation) for i in found]


SMALL = st.lists(words, min_size=1, max_size=4)
FEW = settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate])


@FEW
@given(SMALL, SMALL)
def test_suggest_is_the_row_of_the_whole(
    left: list[dict[str, object]], right: list[dict[str, object]]
) -> None:
    ours, theirs = members("A", left), members("X", right)
    whole = match(ours, theirs, top=99, per_organisation=99).introductions
    matcher = Matcher(ours, theirs)

    for side, listed in ours_and_theirs(ours, theirs):
        for member in listed:
            suggested = matcher.suggest(side, member.id, top=99)
            assert told(suggested) == told(of_one(whole, side, member.id))
            assert [i.rank for i in suggested] == list(range(1, len(suggested) + 1))


@FEW
@given(SMALL, SMALL, st.sampled_from(SIDES))
def test_what_is_put_and_removed_again_leaves_no_trace(
    left: list[dict[str, object]], right: list[dict[str, object]], side: SideName
) -> None:
    ours, theirs = members("A", left), members("X", right)
    untouched, matcher = Matcher(ours, theirs), Matcher(ours, theirs)
    own, other = (ours, theirs) if side == "left" else (theirs, ours)

    matcher.put(side, replace(other[0], id="new"))
    matcher.put(side, replace(own[0], offers=("Brot und Brezeln",), requests=(), profile=""))
    matcher.put(side, own[0])
    matcher.remove(side, "new")

    assert told(matcher.result(top=99).introductions) == told(
        untouched.result(top=99).introductions
    )
    assert told(matcher.suggest(side, own[0].id)) == told(untouched.suggest(side, own[0].id))


@FEW
@given(SMALL, SMALL)
def test_blocks_change_nothing(
    left: list[dict[str, object]], right: list[dict[str, object]]
) -> None:
    ours, theirs = members("A", [*left, *left]), members("X", [*right, *right])
    whole = Matcher(ours, theirs).result(top=99, per_organisation=3)
    with (
        patch.object(roster, "MEMBERS_AT_ONCE", 2),
        patch.object(lists, "_ROWS_AT_ONCE", 1),
        patch.object(aggregate, "_PAIRS_AT_ONCE", 1),
    ):
        blocks = Matcher(ours, theirs).result(top=99, per_organisation=3)

    assert told(blocks.introductions) == told(whole.introductions)
    assert blocks.skipped == whole.skipped
    assert blocks.bridge == whole.bridge


def test_a_change_leads_to_what_a_matcher_built_anew_finds(firm: Firm) -> None:
    right = [firm(f"X{n}", offers=(text,)) for n, text in enumerate(filter(None, TEXTS))]
    left = [firm("A", requests=("Brot",)), firm("B", profile=TEXTS[0])]
    changed = firm("A", requests=("Prüfen von Nähten mit Laser",))
    matcher = Matcher(left, right)

    matcher.put("left", changed)
    anew = Matcher([changed, left[1]], right).suggest("left", "A")

    found = matcher.suggest("left", "A")
    assert [i.right.id for i in found] == [i.right.id for i in anew]
    assert [i.score for i in found] == pytest.approx([i.score for i in anew], abs=0.05)


def test_equal_scores_keep_the_order_of_the_list(firm: Firm) -> None:
    twins = [firm(f"X{n}", offers=(TEXTS[0],)) for n in range(9)]
    with patch.object(roster, "MEMBERS_AT_ONCE", 2):
        matcher = Matcher([firm("A", requests=(TEXTS[1],))], twins)

        assert [i.right.id for i in matcher.suggest("left", "A", top=5)] == "X0 X1 X2 X3 X4".split()

        matcher.remove("right", "X1")
        matcher.put("right", replace(twins[0], city="Jena"))
        matcher.put("right", twins[1])

        assert [i.right.id for i in matcher.suggest("left", "A", top=9)] == (
            "X0 X2 X3 X4 X5 X6 X7 X8 X1".split()
        )


def test_history_counts_for_who_comes_later(firm: Firm, past: Past) -> None:
    history = past(
        (2020, "laser welding of seams", ["A", "Z"]),
        (2021, "weld seam inspection", ["X", "Z"]),
        (2022, "bread and rolls", ["Y", "Q"]),
    )
    everyone = [firm("X"), firm("Y")]
    late, early = Matcher([firm("B")], everyone, history=history), firm("A")
    late.put("left", early)
    anew = Matcher([firm("B"), early], everyone, history=history)

    assert told(late.suggest("left", "A")) == told(anew.suggest("left", "A")) != []


def test_the_same_firm_on_both_sides_is_seen_when_it_comes_and_goes(firm: Firm) -> None:
    matcher = Matcher([firm("A")], [firm("X", offers=(TEXTS[0],)), firm("Y")])
    twin = firm("B", name="X GmbH", requests=(TEXTS[0],))

    matcher.put("left", twin)
    both = matcher.result()
    matcher.put("left", replace(twin, name="Ypsilon AG"))

    assert both.skipped["same"] == 1
    assert both.standing("B", "X").absent == Phrase(
        "absent.same", {"left": "X GmbH", "right": "X GmbH"}
    )
    assert [i.right.id for i in matcher.suggest("left", "B")] == ["X"]


def test_a_result_does_not_follow_later_changes(firm: Firm) -> None:
    matcher = Matcher([firm("A", requests=(TEXTS[0],))], [firm("X", offers=(TEXTS[0],))])
    before = matcher.result()
    explained = before.explain("A", "X")

    matcher.put("right", firm("X", offers=("Brot",)))
    matcher.remove("left", "A")

    assert before.explain("A", "X") == explained


def test_an_emptied_list_is_refused_and_filled_again(firm: Firm) -> None:
    matcher = Matcher([firm("A", requests=(TEXTS[0],))], [firm("X", offers=(TEXTS[0],))])
    matcher.remove("right", "X")

    assert matcher.suggest("left", "A") == ()
    with pytest.raises(InvalidInput):
        matcher.result()

    matcher.put("right", firm("Y", offers=(TEXTS[0],)))
    assert [i.right.id for i in matcher.suggest("left", "A")] == ["Y"]


@pytest.mark.parametrize("top", [0, -1])
def test_suggest_refuses_numbers_and_ids_that_mean_nothing(firm: Firm, top: int) -> None:
    matcher = Matcher([firm("A")], [firm("X")])

    for nonsense in (
        lambda: matcher.suggest("left", "A", top=top),
        lambda: matcher.suggest("left", "X"),
        lambda: matcher.remove("right", "A"),
        lambda: matcher.result(top=top),
    ):
        with pytest.raises(InvalidInput):
            nonsense()


# ---------------------------------------------------------------- odd and large input


@pytest.mark.parametrize("text", ["x", "🔬🚗✨", "LASERREINIGUNG VON FORMEN", "\u200b", "…"])
def test_odd_profiles_are_compared(firm: Firm, text: str) -> None:
    odd = firm("A", profile=text, offers=(text,), requests=(text,))
    usual = firm("X", offers=("Laserreinigung von Formen",), requests=("Prüfung von Nähten",))

    explanation = match([odd], [usual]).explain("A", "X")

    assert sum(explanation.contributions.values()) == pytest.approx(explanation.score)


def test_long_and_many_texts_are_cut_and_what_is_left_counts(firm: Firm) -> None:
    wordy = firm("A", profile="Laserreinigung von Formen. " * 40_000)
    busy = firm("B", offers=tuple(f"Laserreinigung von Formen {n}" for n in range(2_000)))
    seeker = firm("X", requests=("Laser cleaning of moulds",))

    matcher = Matcher([wordy, busy], [seeker])

    assert [i.left.id for i in matcher.suggest("right", "X")] == ["B", "A"]
    assert len(list(said_by(wordy))) <= MOST_STATEMENTS
    assert len(list(said_by(busy))) == MOST_STATEMENTS


def test_an_organisation_with_thousands_of_projects_and_dates_to_come(
    firm: Firm, past: Past
) -> None:
    many = [(2030 + n % 60, f"laser project {n % 7}", ["A", f"P{n % 40}"]) for n in range(5_000)]
    history = past(*many, (2020, "laser", ["X", "P1"]))

    result = match([firm("A")], [firm("X"), firm("Y")], history=history)

    assert [i.right.id for i in result.introductions] == ["X"]
