"""At most five a month: introductions over all bonds, and suggestions a member sees as new."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests.web import factories as base
from tests.web.conftest import World
from tests.web.factories import TODAY
from tests.web.partnering import factories
from verbund.web.core.models import Mail
from verbund.web.networks.models import Organisation
from verbund.web.partnering import services
from verbund.web.partnering.forms import PostponeForm
from verbund.web.partnering.models import Introduction, Suggestion
from verbund.web.partnering.monthly import asked_enough, next_month

_NOON = dt.time(12)


def _asked(world: World, organisation: Organisation, *days: dt.date) -> None:
    """Introductions of a member inside its own network, each asked on one of the days."""
    for day in days:
        factories.introduction(
            (world.a, world.a),
            (organisation, base.organisation(world.a)),
            asked_at=dt.datetime.combine(day, _NOON, dt.UTC),
        )


def test_a_sixth_introduction_waits_for_the_next_month(
    world: World, pair: Suggestion, signed_in: Any, text_of: Any
) -> None:
    browser, address = signed_in(world.manager_b), reverse("suggestion", args=[pair.pk])
    last_month = TODAY.replace(day=1) - dt.timedelta(days=1)
    _asked(world, world.member_a, last_month, *[TODAY] * 4)
    assert asked_enough(pair, TODAY) == []
    assert "five times a month" not in text_of(browser.get(address))

    _asked(world, world.member_a, TODAY)

    assert asked_enough(pair, TODAY) == [world.member_a]
    page = text_of(browser.get(address))
    assert "Alpha Karosserie GmbH has had 5 introductions this month already." in page
    assert "Write to both <kbd" not in page
    assert 'value="month" selected' in page
    with pytest.raises(services.Refused, match="Alpha Karosserie GmbH"):
        services.introduce(pair, text="t", subject="s", by=world.manager_b, on=TODAY)
    assert not Mail.objects.exists()
    assert not Introduction.objects.filter(suggestion=pair).exists()


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (dt.date(2026, 1, 31), dt.date(2026, 2, 1)),
        (dt.date(2026, 2, 1), dt.date(2026, 3, 1)),
        (dt.date(2026, 12, 24), dt.date(2027, 1, 1)),
    ],
)
def test_until_next_month_is_its_first_day(day: dt.date, first: dt.date) -> None:
    form = PostponeForm({"weeks": "month"})

    assert form.is_valid()
    assert (next_month(day), form.until(day)) == (first, first)


def _shown(world: World, signed_in: Any) -> list[str]:
    page = signed_in(world.person_a).get(
        reverse("organisation_suggestions", args=[world.member_a.pk])
    )
    return [row["suggestion"].right.name for row in page.context["rows"]]


def _found(world: World, name: str, score: float) -> Suggestion:
    other = base.organisation(world.b, name=name)
    return factories.suggestion((world.a, world.b), (world.member_a, other), score=score)


def test_a_member_sees_five_new_ones_a_month_even_if_it_refuses_them(
    world: World, signed_in: Any
) -> None:
    rows = [_found(world, f"Firma {number}", 9 - number) for number in range(7)]
    first = [f"Firma {number}" for number in range(5)]
    assert _shown(world, signed_in) == first

    services.note_wish(rows[0], side="left", wish="refused", by=world.person_a)
    _found(world, "Besser", 99)

    assert _shown(world, signed_in) == first[1:]
    Suggestion.objects.exclude(left_shown_on=None).update(left_shown_on=TODAY.replace(day=1))
    assert _shown(world, signed_in) == first[1:]
    Suggestion.objects.exclude(left_shown_on=None).update(
        left_shown_on=TODAY.replace(day=1) - dt.timedelta(days=1)
    )
    assert _shown(world, signed_in) == ["Besser", *first[1:]]


def test_an_office_that_looks_at_a_members_page_uses_nothing_up(
    world: World, pair: Suggestion, signed_in: Any
) -> None:
    address = reverse("organisation_suggestions", args=[world.member_a.pk])

    assert signed_in(world.manager_a).get(address).status_code == 200

    pair.refresh_from_db()
    assert (pair.left_shown_on, pair.right_shown_on) == (None, None)


# ---------------------------------------------------------------- reworded reasons


def _introduce(world: World, pair: Suggestion, signed_in: Any, reasons: str) -> Any:
    return signed_in(world.manager_a).post(
        reverse("suggestion_introduce", args=[pair.pk]),
        {"subject": "Optik", "text": "Passt ein Gespräch?", "reasons": reasons, "seen": "open"},
    )


def test_reasons_in_the_offices_words_go_out_with_quotations_word_for_word(
    world: World, pair: Suggestion, signed_in: Any
) -> None:
    page = _introduce(
        world, pair, signed_in, "Beta kann „Angebot von Beta Optik GmbH“ in Serie.\n\nJena ist nah."
    )

    assert page.status_code == 302
    asked = Introduction.objects.get()
    lines = ["Beta kann „Angebot von Beta Optik GmbH“ in Serie.", "Jena ist nah."]
    assert asked.reason_texts == lines
    for mail in Mail.objects.all():
        assert all(line in mail.text for line in lines)
        assert pair.reasons[0]["de"] not in mail.text
    shown = signed_in(world.person_b).get(asked.get_absolute_url()).content.decode()
    assert "Jena ist nah." in shown


def test_a_quotation_that_was_touched_is_refused_and_nothing_typed_is_lost(
    world: World, pair: Suggestion, signed_in: Any
) -> None:
    page = _introduce(world, pair, signed_in, "Beta kann „Angebote von Alpha und mehr“.")

    said = page.content.decode()
    assert page.status_code == 422
    assert "“Angebote von Alpha und mehr” is not what the member wrote." in said
    assert "Beta kann „Angebote von Alpha und mehr“.</textarea>" in said
    assert not Introduction.objects.exists()


def test_reasons_left_as_proposed_stay_in_each_readers_language(
    world: World, pair: Suggestion, signed_in: Any
) -> None:
    pair.reasons[0]["de"] = "Deutscher Grund"
    pair.reasons[0]["en"] = "English reason"
    pair.save()

    _introduce(world, pair, signed_in, " English reason\r\n")

    assert Introduction.objects.get().reasons == ""
    assert {mail.language for mail in Mail.objects.filter(text__contains="Deutscher Grund")} == {
        "de"
    }
