"""After one edit only the suggestions of that member change, as a full run would have them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from tests.web import factories as base
from tests.web.conftest import World
from tests.web.factories import TODAY
from verbund.web.agreements.models import Consent
from verbund.web.networks.models import DataClass, Network, Organisation, Visibility
from verbund.web.partnering import matchers
from verbund.web.partnering.finding import Sizes
from verbund.web.partnering.models import Suggestion
from verbund.web.partnering.queries import shared_suggestions
from verbund.web.partnering.services import computing, recompute, recompute_member

SUBJECTS = (
    ("Freiformoptik für Ambientelicht im Innenraum", "Freiformoptiken aus Kunststoff für Licht"),
    ("Laserschweißen dünner Edelstahlbleche", "Laserschweißen von Blechen aus Edelstahl in Serie"),
    ("Prüfung lackierter Flächen im Takt", "Kameras zur Prüfung lackierter Flächen"),
    ("LiDAR für fahrerlose Transportfahrzeuge", "LiDAR-Sensoren für Fahrzeuge"),
)


@pytest.fixture(autouse=True)
def no_matchers() -> Iterator[None]:
    matchers.forget_matchers()
    yield
    matchers.forget_matchers()


@pytest.fixture
def busy(world: World) -> World:
    """Eight firms a side; each looks for one thing, and offers another."""
    for number in range(8):
        seeks, _offered = SUBJECTS[number % 4]
        base.request(base.organisation(world.a, name=f"Sucht {number} GmbH"), seeks)
        _sought, offers = SUBJECTS[(number + 1) % 4]
        base.offer(base.organisation(world.b, name=f"Bietet {number} GmbH"), f"{offers} ({number})")
    recompute(world.a, world.b, TODAY)
    return world


def _of(organisation: Organisation) -> dict[tuple[int, int], Any]:
    return _rows(Suggestion.objects.all(), organisation.pk)


def _rows(suggestions: Any, organisation: int) -> dict[tuple[int, int], Any]:
    fields = ("left_id", "right_id", "score", "reasons", "doubts", "contributions", "strength")
    rows = suggestions.filter(is_current=True).values(*fields)
    return {
        (row["left_id"], row["right_id"]): row
        | {"quotes": _quotes(row["left_id"], row["right_id"])}
        for row in rows
        if organisation in (row["left_id"], row["right_id"])
    }


def _quotes(left: int, right: int) -> list[str]:
    pair = Suggestion.objects.get(left=left, right=right)
    return sorted(pair.quotes.values_list("text", flat=True))


def _others(organisation: Organisation) -> list[dict[str, Any]]:
    rows = Suggestion.objects.exclude(left=organisation).exclude(right=organisation)
    return [dict(row) for row in rows.order_by("pk").values()]


def _edited(world: World, side: str) -> Organisation:
    """Let a firm look for, or offer, something else than before."""
    if side == "left":
        firm = Organisation.objects.get(name="Sucht 0 GmbH")
        firm.requests.update(text_de=SUBJECTS[2][0])
    else:
        firm = Organisation.objects.get(name="Bietet 0 GmbH")
        firm.offers.update(text_de=SUBJECTS[3][1])
    return firm


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("is_warm", [True, False])
def test_one_edit_changes_the_rows_of_that_member_as_a_full_run_does(
    busy: World, side: str, *, is_warm: bool
) -> None:
    firm = _edited(busy, side)
    before, others = _of(firm), _others(firm)
    if not is_warm:
        matchers.forget_matchers()

    found = recompute_member(busy.a, busy.b, firm.pk, TODAY)

    after = _of(firm)
    assert found == len(after) > 0
    assert after != before
    assert _others(firm) == others
    recompute(busy.a, busy.b, TODAY)
    assert _of(firm).keys() == after.keys()
    for pair, row in _of(firm).items():
        assert {**row, "score": None, "contributions": None, "reasons": None} == {
            **after[pair],
            "score": None,
            "contributions": None,
            "reasons": None,
        }


def test_the_matcher_in_memory_is_used_again_and_read_anew_where_it_counts(
    busy: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[matchers.Basis] = []
    build = matchers.KeptMatcher.build

    def noted(basis: matchers.Basis) -> matchers.KeptMatcher | None:
        built.append(basis)
        return build(basis)

    monkeypatch.setattr(matchers.KeptMatcher, "build", noted)
    for side in ("left", "right"):
        recompute_member(busy.a, busy.b, _edited(busy, side).pk, TODAY)
    assert built == []

    tomorrow = TODAY + dt.timedelta(days=1)
    recompute_member(busy.a, busy.b, _edited(busy, "left").pk, tomorrow)
    recompute(busy.b, busy.b, TODAY)
    recompute_member(busy.a, busy.b, _edited(busy, "left").pk, tomorrow)

    assert [(basis.bond.key, basis.on) for basis in built] == [
        (f"{busy.a.pk}-{busy.b.pk}", tomorrow),
        (f"{busy.b.pk}-{busy.b.pk}", TODAY),
    ]


HIDDEN = "Prüfung lackierter Flächen im Takt, geheim"


@pytest.mark.parametrize("change", ["own", "deleted", "firm closed", "objection", "reworded"])
def test_what_may_no_longer_be_seen_vanishes_with_the_edit_of_anybody(
    busy: World, change: str
) -> None:
    """The matcher in memory has read the entry; its owner has taken it back since."""
    seeker = Organisation.objects.get(name="Sucht 2 GmbH")
    owner = base.organisation(busy.b, name="Prüft GmbH")
    entry = base.offer(owner, HIDDEN)
    recompute(busy.a, busy.b, TODAY)
    assert HIDDEN in str(_of(seeker))
    _take_back(change, owner, entry, busy.a)
    assert HIDDEN not in str([_texts(s) for s in shared_suggestions([busy.a.pk], TODAY)])

    seeker.requests.update(text_de=f"{SUBJECTS[2][0]} und Karosserie")
    recompute_member(busy.a, busy.b, seeker.pk, TODAY)

    assert _of(seeker)
    assert HIDDEN not in str(_of(seeker))
    kept = next(iter(matchers._kept.values()))
    assert HIDDEN not in str(kept.shown)


def _texts(suggestion: Suggestion) -> Any:
    return suggestion.reasons, suggestion.doubts, suggestion.search


def _take_back(change: str, owner: Organisation, entry: Any, receiver: Network) -> None:
    own = {"visibility": Visibility.OWN}
    if change == "own":
        type(entry).objects.filter(pk=entry.pk).update(**own)
    elif change == "deleted":
        entry.delete()
    elif change == "reworded":
        type(entry).objects.filter(pk=entry.pk).update(text_de="Prüfung lackierter Flächen")
    elif change == "firm closed":
        Organisation.objects.filter(pk=owner.pk).update(**own)
    else:
        Consent.objects.create(
            organisation=owner,
            data_class=DataClass.PROFILE,
            to_network=receiver,
            allows=False,
            given_on=TODAY,
        )


def test_the_own_entry_taken_back_leaves_nothing(busy: World) -> None:
    firm = Organisation.objects.get(name="Bietet 1 GmbH")
    assert _of(firm)
    firm.offers.update(visibility=Visibility.OWN)

    recompute_member(busy.a, busy.b, firm.pk, TODAY)

    assert _of(firm) == {}


def test_decisions_and_wishes_outlive_an_edit(busy: World) -> None:
    firm = Organisation.objects.get(name="Sucht 0 GmbH")
    first, second = Suggestion.objects.filter(left=firm, is_current=True).order_by("rank")[:2]
    Suggestion.objects.filter(pk=first.pk).update(state="rejected", reject_reason="size")
    Suggestion.objects.filter(pk=second.pk).update(left_wish="interested")
    firm.requests.update(text_de=SUBJECTS[2][0])

    recompute_member(busy.a, busy.b, firm.pk, TODAY)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.reject_reason) == ("rejected", "size")
    assert (second.left_wish, second.is_current) == ("interested", True)


def test_inside_one_network_an_edit_is_followed_from_both_sides(world: World) -> None:
    firms = [base.organisation(world.c, name=f"Firma {number} GmbH") for number in range(4)]
    base.request(firms[1], SUBJECTS[0][0])
    base.offer(firms[3], SUBJECTS[0][1])
    offer = base.offer(firms[0], SUBJECTS[1][1])
    recompute(world.c, world.c, TODAY)
    assert set(_of(firms[1])) == {(firms[1].pk, firms[3].pk)}

    type(offer).objects.filter(pk=offer.pk).update(text_de=f"{SUBJECTS[0][1]} in Serie")
    recompute_member(world.c, world.c, firms[0].pk, TODAY)

    assert set(_of(firms[1])) == {
        (firms[1].pk, firms[3].pk),
        (firms[0].pk, firms[1].pk),
    }


def test_a_member_gets_no_more_than_its_share_after_an_edit(
    busy: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "ACROSS", Sizes(top=100, per_organisation=2))
    recompute(busy.a, busy.b, TODAY)
    firm = _edited(busy, "left")

    recompute_member(busy.a, busy.b, firm.pk, TODAY)

    after = set(_of(firm))
    assert len(after) <= 2
    recompute(busy.a, busy.b, TODAY)
    assert set(_of(firm)) == after
