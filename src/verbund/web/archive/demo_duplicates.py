"""Duplicates of the demo: one inside a network, one that two networks hold as two records."""

from __future__ import annotations

import datetime as dt

from verbund.records.organisation import Organisation as Record
from verbund.web.directory.services import take_over_members
from verbund.web.networks.models import Network, Organisation

_AGAIN = (
    Record(
        id="A98",
        name="Karometrik Messanlagen",
        city="Zwickau",
        website="https://www.karometrik.example",
        language="en",
        profile="Measuring stations for car bodies, now also for battery trays.",
        offers=("Measuring station for battery trays, flatness 0.05 mm over 2 m",),
        contact_name="Elena Straub",
        contact_email="elena.straub@karometrik.example",
    ),
)
_ELSEWHERE = (
    Record(
        id="P98",
        name="Armsicht Automation",
        city="Chemnitz",
        website="https://armsicht.example",
        language="de",
        profile="Roboterautomation mit Bildverarbeitung.",
        requests=("Beleuchtung für spiegelnde Blechteile in der Griff-in-die-Kiste-Zelle",),
    ),
)


def plant(automotive: Network, photonics: Network, on: dt.date) -> None:
    for records, network in ((_AGAIN, automotive), (_ELSEWHERE, photonics)):
        taken = take_over_members([(one, None) for one in records], network, by=None, on=on)
        Organisation.objects.filter(pk__in=[one.organisation.pk for one in taken]).update(
            is_invented=True, visibility="partners"
        )
