"""What already happened in the demo: introductions in every state, decisions, wishes.

All of it goes through the services a person would use; afterwards the times are moved back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import F, Q, QuerySet
from django.utils.translation import override

from verbund.web.accounts.models import User
from verbund.web.core.models import Mail
from verbund.web.networks.models import Network, Organisation
from verbund.web.partnering import services
from verbund.web.partnering.models import Introduction, Suggestion
from verbund.web.partnering.queries import shared_suggestions

_TEXT_DE = (
    "{left} und {right} haben vermutlich etwas zu besprechen: {topic}. Passt ein Gespräch von"
    " 20 Minuten in den nächsten zwei Wochen?"
)
_YES, _NO = Introduction.Answer.YES, Introduction.Answer.NO
_AGAIN = (Introduction.Outcome.PROJECT, Introduction.Outcome.CONTACT)  # talked a second time
_REASONS = (
    (Suggestion.RejectReason.COMPETITORS, "beide bieten dasselbe an"),
    (Suggestion.RejectReason.SIZE, ""),
    (Suggestion.RejectReason.TOPIC, "das Wort hat hier zwei Bedeutungen"),
)


def tell(
    networks: tuple[Network, Network],
    manager: User,
    members: Iterable[Organisation],
    on: dt.date,
) -> None:
    """Take suggestions between two networks through what may become of them.

    The first introductions go to the given members, whose people one can be in the demo.
    """
    across = (
        shared_suggestions({network.pk for network in networks}, on)
        .filter(left_network__in=networks, right_network__in=networks)
        .exclude(left_network=F("right_network"))
        .order_by("rank")
    )
    own = [_best_of(across, organisation) for organisation in members]
    others = across.exclude(pk__in=[suggestion.pk for suggestion in own if suggestion])
    waiting = iter([*filter(None, own), *others[8:60:2]])  # the best stay to be checked
    with override("de"):
        _introduce(waiting, manager, on)
        for reason, note in _REASONS:
            services.reject(next(waiting), reason=reason, note=note, by=manager)
        for days in (10, 30):
            services.postpone(next(waiting), until=on + dt.timedelta(days=days), by=manager)
        services.note_wish(next(waiting), side="left", wish=Suggestion.Wish.INTERESTED, by=manager)


def _best_of(suggestions: QuerySet[Suggestion], organisation: Organisation) -> Suggestion | None:
    return suggestions.filter(Q(left=organisation) | Q(right=organisation)).first()


def _introduce(waiting: Iterator[Suggestion], manager: User, on: dt.date) -> None:
    """Bring one introduction into each state; the number is how many days ago it was asked."""

    def asked(days: int) -> Introduction:
        while True:
            suggestion = next(waiting)
            try:
                return _asked(suggestion, manager, on, days)
            except services.Refused:
                continue  # no mail address is known: the next one

    asked(2)
    half = asked(13)
    _say(half, "left", _YES, on, 11)
    agreed = asked(20)
    _say(agreed, "left", _YES, on, 18)
    _say(agreed, "right", _YES, on, 16)
    declined = asked(26)
    _say(declined, "right", _NO, on, 22, "Zurzeit keine freie Entwicklungszeit.")
    services.withdraw(asked(33), by=manager, on=on)
    Outcome = Introduction.Outcome  # noqa: N806  # a class
    for days, outcome, text in (
        (48, Outcome.NONE, ""),
        (75, Outcome.IDEA, "Gemeinsame Vorstudie zur Prüfung im Takt, Antrag im Frühjahr."),
        (110, Outcome.PROJECT, "Kooperationsprojekt beantragt."),
        (140, Outcome.CONTACT, "Man hat sich auf der Messe wieder getroffen."),
        (170, Outcome.NOTHING, "Die Stückzahlen lagen zu weit auseinander."),
    ):
        talk = asked(days)
        _say(talk, "left", _YES, on, days - 3)
        _say(talk, "right", _YES, on, days - 5)
        services.note_talk(
            talk,
            met_on=on - dt.timedelta(days=days - 14),
            second_met_on=on - dt.timedelta(days=days - 40) if outcome in _AGAIN else None,
            outcome=outcome,
            text=text,
            by=manager,
        )
        _move_back(talk, days - 14)


def _asked(suggestion: Suggestion, manager: User, on: dt.date, days: int) -> Introduction:
    topic = suggestion.topic_de or "ein gemeinsames Thema"
    introduction = services.introduce(
        suggestion,
        text=_TEXT_DE.format(left=suggestion.left, right=suggestion.right, topic=topic),
        subject=topic[:200],
        by=manager,
        on=on,
    )
    _move_back(introduction, days)
    Introduction.objects.filter(pk=introduction.pk).update(
        asked_at=F("asked_at") - dt.timedelta(days=days)
    )
    return introduction


def _say(
    introduction: Introduction, side: str, says: str, on: dt.date, days: int, reason: str = ""
) -> None:
    services.answer(introduction, side=side, says=says, name="", on=on, reason=reason)
    _move_back(introduction, days)


def _move_back(introduction: Introduction, days: int) -> None:
    """Move what has just happened to an introduction to that many days ago."""
    back = dt.timedelta(days=days)
    newest = introduction.steps.order_by("-at", "-pk").first()
    if newest is None:
        return
    just_now = newest.at - dt.timedelta(hours=1)
    Mail.objects.filter(pk__in=introduction.mails.values("pk"), written_at__gt=just_now).update(
        written_at=F("written_at") - back
    )
    introduction.steps.filter(at__gt=just_now).update(at=F("at") - back)
