"""Asking members whether their profile is right, and taking the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from verbund.web.core.models import Mail
from verbund.web.core.services import record, today
from verbund.web.directory.confirming import mails
from verbund.web.directory.confirming.queries import CONFIRM, Link, to_ask, to_remind
from verbund.web.directory.models import Profile
from verbund.web.directory.queries import home_networks
from verbund.web.directory.recipients import Recipient, people_to_reach
from verbund.web.directory.services import confirm_profile
from verbund.web.networks.queries import answers_to

if TYPE_CHECKING:
    from verbund.web.accounts.models import User
    from verbund.web.networks.models import Network

_MOST_LINKS = 3  # fresh links to one address on one day


@transaction.atomic
def ask(
    profile: Profile,
    on: dt.date,
    *,
    by: User | None,
    network: Network | None = None,
    only: Recipient | None = None,
) -> list[Mail]:
    """Ask whether a profile is right; earlier links stop working. Nobody reached: nothing happens.

    `network` is whose office asks, the first of the organisation's if none is named; `only` names
    the one person who wanted a fresh link.
    """
    profile = Profile.objects.select_for_update().get(pk=profile.pk)
    organisation = profile.organisation
    people = [only] if only else people_to_reach(organisation, on, about=CONFIRM)
    homes = home_networks(organisation, on)
    if not people or not homes:
        return []
    profile.asked_on, profile.reminded_on = on, None
    profile.save(update_fields=["asked_on", "reminded_on"])
    asking = network or homes[0]
    signature = f"{by}, {asking}" if by else str(asking)
    record(by, "ask", organisation, {"network": asking.slug})
    answers = by.email if by else answers_to(asking, on)
    return mails.ask(mails.Question(profile, asking, signature, answers), people)


@transaction.atomic
def remind(profile: Profile, on: dt.date) -> list[Mail]:
    """Remind once of a question that has no answer; the links of both mails work."""
    profile = Profile.objects.select_for_update().get(pk=profile.pk)
    organisation = profile.organisation
    people = people_to_reach(organisation, on, about=CONFIRM)
    homes = home_networks(organisation, on)
    if profile.reminded_on or not homes:
        return []
    profile.reminded_on = on
    profile.save(update_fields=["reminded_on"])
    asking, answers = homes[0], answers_to(homes[0], on)
    question = mails.Question(profile, asking, str(asking), answers, is_reminder=True)
    return mails.ask(question, people)


def ask_all_due() -> None:
    """Do what is due today: ask about profiles of six months ago, remind after two weeks."""
    on = today()
    for profile in to_ask(on).iterator():
        ask(profile, on, by=None)
    for profile in to_remind(on).iterator():
        remind(profile, on)


def send_fresh_link(link: Link, on: dt.date) -> bool:
    """Send a new link to the address an old one went to; False if that happened often today."""
    if link.profile is None or link.address is None:
        return False
    address = link.address.address
    sent = Mail.objects.filter(to__iexact=address, about=CONFIRM, written_at__date=on)
    if sent.count() >= _MOST_LINKS:
        return False
    person = Recipient(link.ticket.name, address)
    return bool(ask(link.profile, on, by=None, only=person))


@transaction.atomic
def confirm_on_behalf(
    profiles: Iterable[Profile], network_names: str, *, by: User, on: dt.date
) -> int:
    """Note that an office has looked through profiles for their members; return how many."""
    count = 0
    for profile in profiles:
        name = f"{by} ({network_names})"
        confirm_profile(profile.organisation, by=by, name=name, on=on)
        count += 1
    return count
