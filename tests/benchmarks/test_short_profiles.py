"""Planted pairs in lists without history, rich and cut short; the fresh lists chose nothing."""

import csv
from pathlib import Path
from types import ModuleType

import pytest
from tests.benchmarks.test_matching import load

from verbund import match

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    return load(ROOT / "benchmarks/short_profiles.py", "benchmark_short_profiles")


@pytest.mark.parametrize(("name", "rich", "short"), [("demo", 0.42, 0.48), ("fresh", 0.52, 0.55)])
def test_planted_pairs_are_found(bench: ModuleType, name: str, rich: float, short: float) -> None:
    lists = getattr(bench, name)()

    figures = [bench.Figures.of(bench.places(v)) for v in (lists, lists.shortened())]

    assert figures[0].mean_reciprocal > rich
    assert figures[1].mean_reciprocal > short
    assert figures[1].in_three > 0.5


def test_fresh_lists_are_what_they_are_said_to_be(bench: ModuleType) -> None:
    lists = bench.fresh()
    languages = [pair.languages for pair in lists.pairs]

    assert min(len(lists.left), len(lists.right)) >= 30
    assert (languages.count("two languages"), languages.count("same language")) == (9, 6)


def test_a_short_profile_is_a_name_an_offer_and_a_request(bench: ModuleType) -> None:
    lists = bench.demo().shortened()

    for member in (*lists.left, *lists.right):
        assert len(member.offers) <= 1
        assert len(member.requests) <= 1
        assert (member.profile, member.topics, member.city) == ("", (), "")
    said = {text for m in (*lists.left, *lists.right) for text in (*m.offers, *m.requests)}
    assert all({pair.request, pair.offer} <= said for pair in lists.pairs)
    assert len(lists.pairs) > 35


def test_places_count_equal_scores_against_the_right_one(bench: ModuleType) -> None:
    lists = bench.fresh()
    silent = bench.Lists(
        tuple(bench._cut(m, {}) for m in lists.left),
        tuple(type(m)(id=m.id, name=m.name) for m in lists.right),
        lists.pairs[:1],
    )

    assert bench.places(silent) == [len(lists.right)]


def test_competitors_of_the_fresh_lists_are_named(bench: ModuleType) -> None:
    lists = bench.fresh()
    result = match(lists.left, lists.right)
    with (ROOT / "tests/data/short/competitors.csv").open(encoding="utf-8") as file:
        pairs = [(row["left_id"], row["right_id"]) for row in csv.DictReader(file)]

    found = [result.explain(*pair).doubts[0].code == "doubt.competitors" for pair in pairs]
    assert sum(found) >= 2  # one of the three is told in two languages without a common word
