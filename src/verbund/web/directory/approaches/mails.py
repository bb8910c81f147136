"""What the two sides of an approach get by mail; each step can be answered from it."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from verbund.web.core import letters
from verbund.web.core.letters import Button, Letter
from verbund.web.core.texts import LANGUAGES, text_of
from verbund.web.directory.approaches import tokens
from verbund.web.directory.approaches.queries import Seat, seat_of
from verbund.web.directory.approaches.rules import ASKING, OWNER, steps_open_to
from verbund.web.directory.models import Approach
from verbund.web.directory.queries import home_networks
from verbund.web.directory.recipients import Recipient, people_to_reach
from verbund.web.networks.models import Network
from verbund.web.networks.queries import answers_to

APPROACH = "approach"
_BUTTONS: dict[str, Promise] = {
    "want": gettext_lazy("We would like to know who asks"),
    "name": gettext_lazy("Give our name"),
    "reveal": gettext_lazy("Give our name, too"),
    "refuse": gettext_lazy("No, thank you"),
    "withdraw": gettext_lazy("Withdraw"),
}


class News(NamedTuple):
    """What a step means for one side; `%(other)s` is named only where it gave its name."""

    subject: Promise
    text: Promise
    box: Promise


State = Approach.State
_NEWS: dict[tuple[State, str], News] = {
    (State.ASKED, OWNER): News(
        gettext_lazy("Somebody can contribute to your request"),
        gettext_lazy("A member of %(network)s writes about your request without a name:"),
        gettext_lazy(
            "They know your request, not your name. You do not know theirs. If you ask for it, they"
            " decide whether to give it; yours stays hidden."
        ),
    ),
    (State.WANTED, ASKING): News(
        gettext_lazy("They would like to know who you are"),
        gettext_lazy(
            "Who made the request reads what you wrote, and would like to know your name:"
        ),
        gettext_lazy(
            "With your name the other side and its office see your organisation. Its own name it"
            " gives afterwards, or it does not."
        ),
    ),
    (State.NAMED, OWNER): News(
        gettext_lazy("%(other)s can contribute to your request"),
        gettext_lazy("%(other)s gave its name. What it wrote:"),
        gettext_lazy(
            "If you give your name, too, %(other)s and its office see whose request it is."
            " Contact persons are shown only if you show yours."
        ),
    ),
    (State.REVEALED, ASKING): News(
        gettext_lazy("%(other)s made the request"),
        gettext_lazy(
            "Both of you know each other now: %(other)s made the request. You had written:"
        ),
        gettext_lazy("On the site each side can show the other its contact person."),
    ),
    (State.REVEALED, OWNER): News(
        gettext_lazy("%(other)s knows now that the request is yours"),
        gettext_lazy("Both of you know each other now. What %(other)s wrote:"),
        gettext_lazy("On the site each side can show the other its contact person."),
    ),
    (State.REFUSED, ASKING): News(
        gettext_lazy("It does not suit at present"),
        gettext_lazy("Who made the request thanks you; it does not suit at present. You wrote:"),
        gettext_lazy("You need not do anything. No name is shown any more."),
    ),
    (State.WITHDRAWN, OWNER): News(
        gettext_lazy("Somebody withdrew what was written about your request"),
        gettext_lazy("A member of %(network)s withdrew what it had written:"),
        gettext_lazy("You need not do anything. No name is shown any more."),
    ),
}


_BASIS: dict[str, Promise] = {
    OWNER: gettext_lazy("You get this because the request comes from %(own)s."),
    ASKING: gettext_lazy("You get this because %(own)s wrote about this request."),
}


def tell(approach: Approach, on: dt.date) -> None:
    """Write to whoever a step concerns."""
    for side in (OWNER, ASKING):
        news = _NEWS.get((State(approach.state), side))
        if news:
            _send(seat_of(approach, side, may_act=True), news, on)


def _send(seat: Seat, news: News, on: dt.date) -> None:
    network = _network_of(seat, on)
    answers = answers_to(network, on)
    language = seat.own.language if seat.own.language in LANGUAGES else network.language
    people = people_to_reach(seat.own, on, about=APPROACH)
    if not people and answers:
        people = [Recipient(str(network), answers)]  # the office knows how to reach it
    with translation.override(language):
        for person in people:
            letters.post(
                _letter(seat, news, person, network),
                person.email,
                about=APPROACH,
                language=language,
                reply_to=answers,
                network_key=network.slug,
            )


def _network_of(seat: Seat, on: dt.date) -> Network:
    """Return whose member this side is; the office there looks after it."""
    homes = home_networks(seat.own, on) if seat.is_owner else []
    return homes[0] if homes else seat.approach.network


def _letter(seat: Seat, news: News, person: Recipient, network: Network) -> Letter:
    approach = seat.approach
    names = {"other": seat.other, "network": approach.network}
    request, contribution = text_of(approach.request, "text").text, approach.text
    return Letter(
        subject=str(news.subject) % names,
        greeting=_("Dear %(name)s,") % {"name": person.name},
        paragraphs=[
            str(news.text) % names,
            _("“%(text)s”") % {"text": contribution},
            _("The request: %(text)s") % {"text": request},
        ],
        sender=str(network),
        signature=str(network),
        buttons=_buttons(seat, person),
        note=_("A click opens a page and asks once. No sign-in is needed.")
        if seat.steps and approach.state != State.REVEALED
        else "",
        box=(_("Who sees what?"), str(news.box) % names),
        basis=str(_BASIS[seat.side]) % {"own": seat.own},
        page=settings.URL + reverse("approach", args=[approach.pk]),
    )


def _buttons(seat: Seat, person: Recipient) -> list[Button]:
    """Offer what this side may do next; once both know each other there is nothing to decide."""
    state = seat.approach.state
    if state == State.REVEALED:
        return []
    ticket = tokens.Ticket(seat.approach.pk, seat.side, state, person.name)
    url = settings.URL + reverse("approach_by_mail", args=[tokens.sign(ticket)])
    steps = steps_open_to(seat.side, state)
    return [
        Button(str(_BUTTONS[step]), f"{url}?step={step}", is_primary=step == steps[0])
        for step in steps
    ]
