"""Requests without a name in the demo, and how far those who can contribute have come."""

from __future__ import annotations

import datetime as dt

from verbund.web.accounts.models import User
from verbund.web.directory.approaches import services
from verbund.web.directory.models import Approach, Request
from verbund.web.directory.services import save_entry
from verbund.web.networks.models import Organisation, Visibility

# The person who looks for something, what for, who can contribute, what, and how far they came.
_STORIES = (
    (
        "optik@demo.example",
        "Partner für die Serienfertigung einer geheizten Frontlinse, 40.000 Stück im Jahr, gesucht",
        "firma@demo.example",
        "Wir fertigen beheizte Anbauteile in dieser Stückzahl und suchen gerade Auslastung.",
        ("want",),
    ),
    (
        "firma@demo.example",
        "Verfahren gesucht, das Lackfehler auf schwarzen Flächen im Takt von 60 s sicher findet",
        "forschung@demo.example",
        "Wir haben Deflektometrie auf schwarzem Lack im Labor gezeigt, Taktzeit 45 s.",
        (),
    ),
    (
        "forschung@demo.example",
        "Industriepartner für Schichten auf Kunststoffscheiben gesucht, ab Reifegrad 5",
        "firma@demo.example",
        "Wir verbauen Kunststoffscheiben und könnten Muster im Fahrversuch prüfen.",
        ("want", "name", "reveal"),
    ),
)


def ask_without_names(on: dt.date) -> None:
    """Write the requests, and take the steps in the names of those concerned."""
    for owner, wanted, asking, contribution, steps in _STORIES:
        request = _request(owner, wanted, on - dt.timedelta(days=9))
        by = User.objects.get(email=asking)
        approach = services.ask(request, _organisation(asking), text=contribution, by=by, on=on)
        for step in steps:
            person = User.objects.get(email=asking if step == "name" else owner)
            approach = services.take(approach, step, by=person, on=on)
        _move_back(approach, len(steps) + 2)


def _request(owner: str, text: str, on: dt.date) -> Request:
    organisation = _organisation(owner)
    request = Request(
        organisation=organisation,
        text_de=text,
        visibility=Visibility.PARTNERS,
        is_anonymous=True,
    )
    save_entry(request, organisation, by=User.objects.get(email=owner), on=on)
    return request


def _organisation(person: str) -> Organisation:
    return Organisation.objects.get(roles__user__email=person)


def _move_back(approach: Approach, days: int) -> None:
    """Let the steps lie a day apart, the last one yesterday."""
    Approach.objects.filter(pk=approach.pk).update(
        asked_at=approach.asked_at - dt.timedelta(days=days)
    )
    for step in approach.steps.all():
        approach.steps.filter(pk=step.pk).update(at=step.at - dt.timedelta(days=days))
        days -= 1
