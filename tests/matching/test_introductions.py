import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matching.conftest import Firm, Past
from verbund import InvalidInput, match, read_members
from verbund.records.organisation import Organisation, OrganisationType

DEMO = Path(__file__).parents[2] / "src/verbund/records/demo"
PLANTED = Path(__file__).parents[1] / "data/demo_pairs.csv"


def names(result: object) -> list[tuple[str, str]]:
    return [(i.left.id, i.right.id) for i in result.introductions]  # type: ignore[attr-defined]  # a MatchResult


def test_match_puts_a_met_request_before_an_alike_profile(firm: Firm) -> None:
    seeker = firm(
        "A",
        requests=("Prüfung von Schweißnähten an Aluminium",),
        profile="Wir bauen Batteriegehäuse.",
    )
    answerer = firm("X", offers=("Inline weld seam inspection with laser triangulation",))
    twin = firm("Y", profile="Wir bauen Batteriegehäuse und Wannen.")

    result = match([seeker], [twin, answerer])

    assert names(result)[0] == ("A", "X")


def test_match_looks_in_both_directions(firm: Firm) -> None:
    offering = firm("A", offers=("Laserreinigung von Spritzgießformen",))
    seeking = firm("X", requests=("Formen reinigen ohne Strahlmittel, am liebsten mit Laser",))

    there, back = match([offering], [seeking]), match([seeking], [offering])

    assert there.introductions[0].score == pytest.approx(back.introductions[0].score)
    assert there.introductions[0].explanation.reasons[0].facts["seeker"] == "X"
    assert back.introductions[0].explanation.reasons[0].facts["seeker"] == "X"


def test_match_quotes_verbatim_and_names_the_shared_topic(firm: Firm) -> None:
    request, offer = (
        "Freiformspiegel für Head-up-Displays",
        "free-form mirrors for head-up displays",
    )

    reason = match([firm("A", requests=(request,))], [firm("X", offers=(offer,))]).introductions[0]

    assert reason.reason("de") == (
        "X GmbH bietet, was A GmbH sucht: Freiformoptik und Head-up-Display."
        f" Gesuch: „{request}“. Angebot: „{offer}“"
        " (auf Englisch; Wörter maschinell übersetzt: mirrors = Spiegel)."
    )
    assert f"“{request}”" in reason.reason("en")


def test_match_takes_competitors_back_and_says_so(firm: Firm) -> None:
    offer = ("Antireflexbeschichtung von Kunststofflinsen",)
    request = ("Beschichtung von Linsen gegen Reflexe",)
    competitor = firm("X", offers=offer)
    institute = firm("Y", offers=offer, type=OrganisationType.RESEARCH)

    result = match([firm("A", offers=offer, requests=request)], [competitor, institute])

    assert names(result) == [("A", "Y"), ("A", "X")]
    assert "Wettbewerber" in result.introductions[1].doubt("de")
    assert "Wettbewerber" not in result.introductions[0].doubt("de")


def test_match_does_not_introduce_an_organisation_to_itself(firm: Firm) -> None:
    left = firm("A", name="Lumeris Optik GmbH", city="Jena", offers=("Laser",), requests=("Linse",))
    right = firm("X", name="Lumeris-Optik", city="Jena", offers=("Linse",), requests=("Laser",))

    result = match([left], [right])

    assert (names(result), result.skipped["same"]) == ([], 1)
    absent = result.standing("A", "X").absent
    assert absent is not None
    assert absent.code == "absent.same"


def test_match_leaves_out_the_acquainted_unless_a_request_is_met(firm: Firm, past: Past) -> None:
    history = past((2022, "Laser für Batterien", ["A", "X"]), (2021, "Laser für Türen", ["B", "Y"]))
    left = [
        firm("A", requests=("Infrarotkameras für Fahrerassistenz",)),
        firm("B", profile="Laser"),
    ]
    right = [firm("X", offers=("Infrarotkameras",)), firm("Y", profile="Laser")]

    result = match(left, right, history=history)

    assert ("A", "X") in names(result)
    assert ("B", "Y") not in names(result)
    assert "PROJ0 (2022)" in result.explain("A", "X").doubt("de")


def test_match_tells_of_common_partners(firm: Firm, past: Past) -> None:
    history = past(
        (2022, "Laser für Batterien", ["A", "Z"]), (2023, "Laser für Zellen", ["Z", "X"])
    )

    reason = match([firm("A")], [firm("X")], history=history).introductions[0].reason("de")

    assert (
        "Beide haben schon mit Z GmbH gearbeitet: A GmbH in PROJ0 (2022), X GmbH in PROJ1 (2023)."
        in reason
    )


def test_match_sends_nobody_to_everybody(firm: Firm) -> None:
    hub = firm("H", offers=("Laserschweißen von Kupfer",))
    seekers = [firm(f"S{n}", requests=("Kupfer mit Laser schweißen",)) for n in range(9)]

    result = match([hub], seekers, per_organisation=3)

    assert names(result) == [("H", "S0"), ("H", "S1"), ("H", "S2")]
    absent = result.standing("H", "S7").absent
    assert absent is not None
    assert absent.code == "absent.full"


def test_match_ends_at_the_top_wanted(firm: Firm) -> None:
    left = [firm(f"L{n}", requests=("Laserschweißen",)) for n in range(3)]
    right = [firm(f"R{n}", offers=("Laserschweißen",)) for n in range(3)]

    assert len(match(left, right, top=4).introductions) == 4


def test_match_says_what_the_answerer_leaves_open(firm: Firm) -> None:
    left = firm("A", requests=("Spritzguss von Gehäusen, dazu Laserbeschriftung",))
    right = firm("X", offers=("Spritzguss von Gehäusen bis 2 kg",), contact_name="Eva Muster")

    doubt = match([left], [right]).introductions[0].doubt("de")

    assert doubt == "Das Gesuch nennt auch: Laserbeschriftung. Dazu steht bei X GmbH nichts."


def test_explain_adds_up_to_the_score(firm: Firm) -> None:
    result = match(
        [firm("A", requests=("Laser",), city="Jena")], [firm("X", offers=("Laser",), city="Gera")]
    )
    explanation = result.explain("A", "X")

    assert explanation.score == pytest.approx(sum(explanation.contributions.values()))
    assert explanation.score == pytest.approx(result.introductions[0].score)


def test_explain_answers_for_a_pair_without_anything_in_common(firm: Firm) -> None:
    result = match([firm("A", offers=("Brot",))], [firm("X", requests=("Laser",))])

    assert result.introductions == ()
    assert result.explain("A", "X").reasons == ()
    absent = result.standing("A", "X").absent
    assert absent is not None
    assert absent.code == "absent.no_subject"


def test_standing_counts_places_from_one(firm: Firm) -> None:
    left = [firm("A", requests=("Laserschweißen von Kupfer",))]
    right = [firm("X", offers=("Brot",)), firm("Y", offers=("Laserschweißen von Kupfer",))]

    standing = match(left, right).standing("A", "Y")

    assert (standing.place_for_left, standing.of_right) == (1, 2)
    assert (standing.place_for_right, standing.of_left) == (1, 1)
    assert standing.absent is None


def test_match_refuses_empty_lists_and_unknown_ids(firm: Firm) -> None:
    with pytest.raises(InvalidInput, match="holds no organisation"):
        match([], [firm("X")])
    with pytest.raises(InvalidInput, match="neither list"):
        match([firm("A")], [firm("X")]).explain("A", "nobody")
    with pytest.raises(InvalidInput, match="occurs twice"):
        match([firm("A"), firm("A")], [firm("X")])
    with pytest.raises(InvalidInput, match="at least 1"):
        match([firm("A")], [firm("X")], top=0)


def test_match_gives_the_same_pairs_whatever_the_order() -> None:
    left = read_members(DEMO / "photonics.csv").organisations
    right = read_members(DEMO / "automotive.csv").organisations

    forward = match(left, right, top=20)
    backward = match(left[::-1], right[::-1], top=20)

    assert names(forward) == names(backward)
    assert [i.reason() for i in forward.introductions] == [
        i.reason() for i in backward.introductions
    ]


def test_match_finds_the_planted_pairs_of_the_demo() -> None:
    left = read_members(DEMO / "photonics.csv").organisations
    right = read_members(DEMO / "automotive.csv").organisations
    result = match(left, right)
    with PLANTED.open(encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))

    places = []
    for pair in pairs:
        standing = result.standing(pair["left_id"], pair["right_id"])
        seeker_is_left = pair["request_side"] == "left"
        places.append(standing.place_for_left if seeker_is_left else standing.place_for_right)

    assert len(pairs) > 40
    assert sum(1 / place for place in places) / len(places) > PLANTED_MRR
    assert sum(place <= 5 for place in places) / len(places) > PLANTED_IN_FIVE


PLANTED_MRR = 0.41
PLANTED_IN_FIVE = 0.5


def test_match_names_the_competitors_of_the_demo() -> None:
    left = read_members(DEMO / "photonics.csv").organisations
    right = read_members(DEMO / "automotive.csv").organisations
    result = match(left, right)
    with PLANTED.with_name("demo_competitors.csv").open(encoding="utf-8") as file:
        pairs = [(row["left_id"], row["right_id"]) for row in csv.DictReader(file)]

    codes = [[d.code for d in result.explain(*pair).doubts] for pair in pairs]

    assert len(pairs) == 5
    assert [found[0] for found in codes] == ["doubt.competitors"] * 5


def test_match_names_both_directions_of_an_exchange(firm: Firm) -> None:
    left = firm(
        "A", offers=("Laserbeschriftung von Titan",), requests=("Sterilisation von Instrumenten",)
    )
    right = firm(
        "X", offers=("Sterilisation of instruments",), requests=("Laser marking of titanium",)
    )

    reason = match([left], [right]).introductions[0].reason("de")

    assert "Gesuch von A GmbH: „Sterilisation von Instrumenten“" in reason
    assert "Gesuch von X GmbH: „Laser marking of titanium“" in reason
    assert "Beide arbeiten zu" not in reason


texts = st.lists(
    st.sampled_from(
        ["Laser", "Schweißnahtprüfung", "lens coating", "Head-up-Display", "🙂", "", "X" * 500]
    ),
    max_size=3,
).map(tuple)
organisations = st.lists(
    st.builds(
        Organisation,
        id=st.uuids().map(str),
        name=st.sampled_from(["Alpha GmbH", "Beta", "Gamma AG", "Delta e.V.", "Ω"]),
        offers=texts,
        requests=texts,
        profile=st.sampled_from(["", "Wir bauen Laser. Und Linsen!", "MACHINE VISION"]),
        city=st.sampled_from(["", "Jena", "Nirgendwo", "Leipzig"]),
        employees=st.sampled_from([None, 0, 5, 4000]),
    ),
    min_size=1,
    max_size=6,
)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(left=organisations, right=organisations)
def test_match_keeps_its_promises_on_any_lists(
    left: list[Organisation], right: list[Organisation]
) -> None:
    result = match(left, right, top=10, per_organisation=2)

    pairs = names(result)
    assert len(set(pairs)) == len(pairs) <= 10
    assert max(Counter(i for pair in pairs for i in pair).values(), default=0) <= 2
    assert [i.score for i in result.introductions] == sorted(
        (i.score for i in result.introductions), reverse=True
    )
    for introduction in result.introductions:
        assert introduction.reason("de")
        for reason in introduction.explanation.reasons:
            for key in ("request", "answer"):
                if key in reason.facts:
                    everything = "\n".join(
                        t
                        for o in (introduction.left, introduction.right)
                        for t in (*o.offers, *o.requests, *o.topics, o.profile)
                    )
                    assert str(reason.facts[key]) in everything
