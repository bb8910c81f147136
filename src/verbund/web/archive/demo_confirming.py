"""How true the profiles of the demo are: confirmed, asked about, invited, with a bad address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import F

from verbund.web.core import addresses
from verbund.web.core.models import Mail
from verbund.web.directory.confirming import services
from verbund.web.directory.confirming.queries import ASKED_EVERY, REMINDED_AFTER
from verbund.web.directory.models import ContactPerson, Profile
from verbund.web.directory.queries import CONFIRMED_FOR
from verbund.web.networks.models import Organisation

_UNKNOWN = "550 5.1.1 unknown user"


def tell(members: Iterable[Organisation], on: dt.date) -> None:
    """Let each profile have been asked about as the daily job would have done it.

    The given members are asked anew, so that one can answer for them from the outbox.
    """
    profiles = list(Profile.objects.exclude(confirmed_on=None).order_by("pk"))
    for number, profile in enumerate(profiles):
        _as_if_asked(profile, on, has_answered=number % 4 > 0)
    Profile.objects.bulk_update(profiles, ["confirmed_on", "asked_on", "reminded_on"])
    for organisation in members:
        _ask(organisation, on, confirmed_on=on - ASKED_EVERY - dt.timedelta(days=5))
    others = ContactPerson.objects.exclude(email="").exclude(organisation__in=members)
    first, bad = (others.order_by(order)[20].organisation for order in ("pk", "-pk"))
    _ask(first, on, confirmed_on=None)
    _ask(bad, on, confirmed_on=on - dt.timedelta(days=400))
    mail = Mail.objects.latest("pk")
    Mail.objects.filter(pk=mail.pk).update(state=Mail.State.BOUNCED, problem=_UNKNOWN)
    addresses.note_bounce(mail.to, _UNKNOWN)


def _as_if_asked(profile: Profile, on: dt.date, *, has_answered: bool) -> None:
    since = on - (profile.confirmed_on or on)
    if since <= ASKED_EVERY:
        return
    profile.asked_on = on - since % ASKED_EVERY
    reminded = profile.asked_on + REMINDED_AFTER
    profile.reminded_on = reminded if reminded <= on else None
    if has_answered and since < CONFIRMED_FOR:
        profile.confirmed_on = min(reminded, on)


def _ask(organisation: Organisation, on: dt.date, *, confirmed_on: dt.date | None) -> None:
    """Ask about a profile three days ago."""
    three_days = dt.timedelta(days=3)
    Profile.objects.filter(organisation=organisation).update(confirmed_on=confirmed_on)
    profile = Profile.objects.get(organisation=organisation)
    mails = services.ask(profile, on - three_days, by=None)
    keys = [mail.pk for mail in mails]
    Mail.objects.filter(pk__in=keys).update(written_at=F("written_at") - three_days)
