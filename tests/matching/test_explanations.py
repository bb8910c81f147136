"""What explanations promise, checked on the demo lists, on lists written afresh, on any lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matching.conftest import Firm, Past
from verbund import match, read_members
from verbund.matching import Explanation, Introduction, MatchResult
from verbund.matching.evidence import Evidence, Knowledge
from verbund.matching.problem import MatchProblem
from verbund.matching.quotes import called
from verbund.matching.score import score
from verbund.matching.side import Side
from verbund.matching.statements import said_by
from verbund.records.organisation import Detail, Organisation, OrganisationType, Visibility
from verbund.wording import LANGUAGES

ROOT = Path(__file__).parents[2]
LISTS = {
    "demo": ("src/verbund/records/demo/photonics.csv", "src/verbund/records/demo/automotive.csv"),
    "fresh": ("tests/data/short/logistics.csv", "tests/data/short/it.csv"),
}
LEAST_SHARE = 0.9  # of quoted texts whose removal costs more than that of another text


@cache
def matched(name: str) -> MatchResult:
    left, right = (read_members(ROOT / path).organisations for path in LISTS[name])
    return match(left, right, top=30)


def quotes_of(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """Yield whose words are quoted, and the whole text."""
    for reason in explanation.reasons:
        for facts in (reason.facts, reason.facts.get("in_return", {})):
            assert isinstance(facts, dict)
            if "request" in facts:
                yield facts["seeker"], facts["request"]
                yield facts["answerer"], facts["answer"]


def texts_of(member: Organisation) -> list[str]:
    return [text for _, text in said_by(member)]


def without(member: Organisation, text: str) -> Organisation:
    """Remove a text wherever it stands; of a profile, the sentence."""
    return replace(
        member,
        offers=tuple(t for t in member.offers if t != text),
        requests=tuple(t for t in member.requests if t != text),
        topics=tuple(t for t in member.topics if t != text),
        segment="" if member.segment == text else member.segment,
        profile=member.profile.replace(text, ""),
    )


# ---------------------------------------------------------------- verbatim, and only what is given


@pytest.mark.parametrize("name", LISTS)
def test_quoted_texts_stand_in_the_record_of_their_author(name: str) -> None:
    result = matched(name)
    found = 0
    for introduction in result.introductions:
        members = {m.id: m for m in (introduction.left, introduction.right)}
        for author, text in quotes_of(introduction.explanation):
            found += 1
            assert text in texts_of(members[author])

    assert found > 2 * len(result.introductions) - 5


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(("language", "marks"), [("de", "„([^“]*)“"), ("en", "“([^”]*)”")])
def test_everything_in_quotation_marks_is_verbatim(name: str, language: str, marks: str) -> None:
    for introduction in matched(name).introductions:
        written = "\n".join(texts_of(introduction.left) + texts_of(introduction.right))
        known = " ".join(written.split())
        for quoted in re.findall(marks, introduction.reason("de" if language == "de" else "en")):
            assert quoted.removesuffix(" …") in known


@pytest.mark.parametrize("name", LISTS)
def test_nothing_removed_from_the_records_is_said(name: str) -> None:
    left, right = (read_members(ROOT / path).organisations for path in LISTS[name])
    removed: set[str] = set()
    for introduction in matched(name).introductions[:10]:
        removed |= {text for _, text in quotes_of(introduction.explanation)}
    ours, theirs = ([_reduced(m, removed) for m in side] for side in (left, right))

    result = match(ours, theirs, top=60)

    assert len(removed) > 15
    assert result.introductions
    for introduction in result.introductions:
        told = everything_told(introduction)
        assert [text for text in removed if text in told] == []


def _reduced(member: Organisation, removed: set[str]) -> Organisation:
    for text in removed:
        member = without(member, text)
    return member


def everything_told(introduction: Introduction) -> str:
    explanation = introduction.explanation
    said = [
        phrase.say(language)
        for phrase in (*(r.phrase for r in explanation.reasons), *explanation.doubts)
        for language in LANGUAGES
    ]
    return "\n".join([*said, *(str(dict(reason.facts)) for reason in explanation.reasons)])


# ---------------------------------------------------------------- evidence carries the score


def test_removing_what_is_quoted_costs_more_than_another_text_of_that_length() -> None:
    cases = [case for name in LISTS for case in _removals(matched(name))]

    assert len(cases) > 100
    assert sum(cases) / len(cases) >= LEAST_SHARE


def _removals(result: MatchResult) -> Iterator[bool]:
    """Compare, for each quoted text, its removal with that of the pair's text nearest in length."""
    knowledge = Knowledge(result.problem)

    def total(left: Organisation, right: Organisation) -> float:
        sides = [Side.of([m], knowledge.space, knowledge.vocabulary, None) for m in (left, right)]
        problem = MatchProblem((left,), (right,))
        return float(score(Evidence.between(problem, knowledge, *sides)).total[0, 0])

    for introduction in result.introductions:
        pair = (introduction.left, introduction.right)
        quoted = set(quotes_of(introduction.explanation))
        others = [(m.id, t) for m in pair for t in texts_of(m) if (m.id, t) not in quoted]
        for author, text in sorted(quoted):
            if not others:
                continue
            other = min(others, key=lambda found: (abs(len(found[1]) - len(text)), found))
            left_over = [
                total(*(without(m, gone) if m.id == whose else m for m in pair))
                for whose, gone in ((author, text), other)
            ]
            yield left_over[0] < left_over[1]


texts = st.lists(
    st.sampled_from(
        ["Laser", "Schweißnahtprüfung", "lens coating", "Head-up-Display", "🙂", "LIDAR"]
    ),
    max_size=3,
).map(tuple)
organisations = st.lists(
    st.builds(
        Organisation,
        id=st.uuids().map(str),
        name=st.sampled_from(["Alpha GmbH", "Beta", "Gamma AG"]),
        type=st.sampled_from([None, OrganisationType.COMPANY, OrganisationType.RESEARCH]),
        offers=texts,
        requests=texts,
        topics=texts,
        city=st.sampled_from(["", "Jena", "Leipzig"]),
    ),
    min_size=1,
    max_size=4,
)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(left=organisations, right=organisations)
def test_named_contributions_add_up_to_the_score_of_any_pair(
    left: Sequence[Organisation], right: Sequence[Organisation]
) -> None:
    totals = score(Evidence(MatchProblem(tuple(left), tuple(right)))).total
    result = match(left, right)

    for i, ours in enumerate(left):
        for j, theirs in enumerate(right):
            explanation = result.explain(ours.id, theirs.id)
            assert sum(explanation.contributions.values()) == pytest.approx(
                float(totals[i, j]), abs=1e-5
            )
            assert explanation.score == sum(explanation.contributions.values())
            assert len(explanation.reasons) <= 3


# ---------------------------------------------------------------- how it is said


def only(left: Organisation, right: Organisation) -> Introduction:
    return match([left], [right]).introductions[0]


def test_summary_is_one_sentence_in_both_languages(firm: Firm) -> None:
    one = only(
        firm("A", name="Saalitz Freiform GmbH", requests=("Lichtleiter für Türen",)),
        firm("X", name="Lumen & Co. KG", offers=("Lichtleiter für Türen",)),
    )

    summary = one.explanation.summary
    assert summary.say("de") == "Lumen bietet, was Saalitz Freiform sucht: Lichtleiter."
    assert summary.say("en") == "Lumen offers what Saalitz Freiform is looking for: light guides."


def test_a_pair_without_reasons_says_so(firm: Firm) -> None:
    nothing = match([firm("A")], [firm("X")]).explain("A", "X")

    assert nothing.summary.say("de") == "Zwischen beiden ist nichts Gemeinsames zu erkennen."
    assert nothing.doubt("de") == "Von A GmbH ist kein Ort bekannt."


def test_a_text_in_the_reader_s_language_needs_no_note(firm: Firm) -> None:
    one = only(
        firm("A", requests=("Wir suchen Spiegel für die Kamera.",)),
        firm("X", offers=("We make mirrors for the camera.",)),
    )

    german, english = one.reason("de"), one.reason("en")
    assert "„Wir suchen Spiegel für die Kamera“. Angebot" in german
    assert "(auf Englisch; Wörter maschinell übersetzt: mirrors = Spiegel)" in german
    assert "(in German; words translated by machine: Spiegel = mirror)" in english


def test_the_stated_language_of_an_entry_counts_before_the_guess(firm: Firm) -> None:
    text = "Laser Sensor System"
    one = only(
        firm("A", requests=(text,), details=(Detail(field="requests", text=text, language="en"),)),
        firm("X", offers=(text,), language="de"),
    )

    assert "Gesuch: „Laser Sensor System“ (auf Englisch)" in one.reason("de")
    assert "Angebot: „Laser Sensor System“." in one.reason("de")


def test_only_the_most_important_doubt_is_shown(firm: Firm) -> None:
    left = firm("A", requests=("Laserreinigung",), visibility=Visibility.OWN)
    one = only(left, firm("X", offers=("Laserreinigung",)))

    assert one.explanation.doubts[0].code == "doubt.visibility"
    assert len(one.explanation.doubts) > 1
    assert one.doubt("de") == one.explanation.doubts[0].say("de")


def test_the_path_over_a_partner_names_projects_and_years(firm: Firm, past: Past) -> None:
    history = past((2022, "Laser", ["A", "Z"]), (2023, "Laser", ["Z", "X"]))
    explanation = match([firm("A")], [firm("X")], history=history).explain("A", "X")

    (path,) = [r for r in explanation.reasons if r.code == "common_partners"]
    assert path.phrase.say("de") == (
        "Beide haben schon mit Z GmbH gearbeitet: A GmbH in PROJ0 (2022), X GmbH in PROJ1 (2023)."
    )


def test_what_only_comes_nearest_stands_last(firm: Firm, past: Past) -> None:
    history = past((2022, "Laser", ["A", "Z"]), (2023, "Laser", ["Z", "X"]))
    left = firm("A", requests=("Schnell härtendes Harz, Entformen nach 3 min",))
    right = firm("X", offers=("Lock-in-Thermografie an Klebungen, findet Ablösungen ab 5 mm",))
    explanation = match([left], [right], history=history).explain("A", "X")

    codes = [reason.lead.code for reason in explanation.reasons]
    assert codes[-1] == "lead.nearest"
    assert len(codes) > 1


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Saalitz Freiform GmbH", "Saalitz Freiform"),
        ("Ottendal Polymeroptik GmbH & Co. KG", "Ottendal Polymeroptik"),
        ("Gasphotik UG (haftungsbeschränkt)", "Gasphotik"),
        ("Labor für Lichtwirkung Ilmenau e.V.", "Labor für Lichtwirkung Ilmenau"),
        ("Bündelglas Faseroptik e. K.", "Bündelglas Faseroptik"),
        ("X GmbH", "X GmbH"),
        ("AG", "AG"),
        ("Kunst & Licht", "Kunst & Licht"),
    ],
)
def test_called_drops_the_legal_form(name: str, short: str) -> None:
    assert called(name) == short


# ---------------------------------------------------------------- texts in a third language

FRENCH = {
    "profile": "Nous sommes une entreprise qui développe des capteurs pour la mesure de couleur.",
    "requests": ("Nous recherchons un partenaire pour la caméra infrarouge et les lentilles",),
    "offers": ("Laser",),
}


def test_a_third_language_is_said_and_its_texts_do_not_count(firm: Firm) -> None:
    result = match([firm("A", **FRENCH)], [firm("X", offers=("Infrarotkamera", "Laser"))])
    explanation = result.explain("A", "X")

    assert explanation.score == 0
    assert explanation.reasons == ()
    assert explanation.doubt("de") == (
        "Die Einträge von A GmbH sind in einer anderen Sprache geschrieben (Französisch);"
        " verglichen wurden nur Name und Projekte."
    )


def test_a_third_language_leaves_the_history(firm: Firm, past: Past) -> None:
    history = past((2022, "Laser", ["A", "Z"]), (2023, "Laser", ["Z", "X"]))
    result = match([firm("A", **FRENCH)], [firm("X", offers=("Laser",))], history=history)

    codes = {reason.code for reason in result.introductions[0].explanation.reasons}
    assert "common_partners" in codes
