"""Where mails may go: addresses from which mail came back, and kinds that people do not want."""

from __future__ import annotations

from collections.abc import Iterable

from django.core import signing
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone

from verbund.web.core.models import MailAddress
from verbund.web.core.registries import MailKind, mail_kinds

UNWANTED, BOUNCED = "unwanted", "bounced"
ASKED_FOR = "account"  # codes go to a bad address too: somebody waits there at this moment
_SALT = "core.mail-choice"


def kinds() -> list[MailKind]:
    return list(mail_kinds)


def is_choosable(about: str) -> bool:
    """Tell whether people choose this kind; one that nobody announced is necessary."""
    return any(kind.key == about and not kind.is_necessary for kind in mail_kinds)


def hindrance(address: str, about: str) -> str:
    """Return why a mail of this kind may not go out: `unwanted`, `bounced`, or nothing."""
    return hindrances([address], about).get(address.lower(), "")


def hindrances(addresses: Iterable[str], about: str) -> dict[str, str]:
    """Return the same for many addresses in one query, by address in small letters."""
    wanted = {address.lower() for address in addresses}
    found = {}
    for known in MailAddress.objects.filter(address__in=wanted):
        if known.bounced_at and about != ASKED_FOR:
            found[known.address] = BOUNCED
        elif about in known.unwanted and is_choosable(about):
            found[known.address] = UNWANTED
    return found


def note_bounce(address: str, problem: str) -> None:
    """Remember that mail to an address comes back; nothing goes there until `trust` is called."""
    MailAddress.objects.update_or_create(
        address=address.lower(), defaults={"bounced_at": timezone.now(), "problem": problem[:300]}
    )


def trust(address: str) -> bool:
    """Let mails go to an address again; returns whether any had come back."""
    bad = MailAddress.objects.filter(address=address.lower()).exclude(bounced_at=None)
    return bool(bad.update(bounced_at=None, problem=""))


@transaction.atomic
def choose(address: MailAddress, *, unwanted: Iterable[str]) -> None:
    """Keep which kinds somebody does not want; necessary ones cannot be among them."""
    address.unwanted = sorted(kind for kind in set(unwanted) if is_choosable(kind))
    address.save(update_fields=["unwanted"])


@transaction.atomic
def stop(address: MailAddress, about: str) -> None:
    """Stop one kind of mails; a second time changes nothing."""
    known = MailAddress.objects.select_for_update().get(pk=address.pk)
    choose(known, unwanted={*known.unwanted, about})


def choice_token(address: str, about: str = "") -> str:
    """Return what a link carries that chooses for an address; `about` is the kind of its mail."""
    return signing.dumps([address_row(address).pk, about], salt=_SALT)


def address_row(address: str) -> MailAddress:
    """Return the row of an address, which links name instead of the address itself."""
    return MailAddress.objects.get_or_create(address=address.lower())[0]


def read_choice(token: str) -> tuple[MailAddress, str] | None:
    """Return the address and the kind of a link; None if it was not made here. It never expires."""
    try:
        key, about = signing.loads(token, salt=_SALT)
        return MailAddress.objects.get(pk=key), about
    except (signing.BadSignature, ObjectDoesNotExist):
        return None


def came_back(addresses: Iterable[str]) -> dict[str, MailAddress]:
    """Return those of the addresses from which mail came back."""
    wanted = {address.lower() for address in addresses}
    bad = MailAddress.objects.filter(address__in=wanted).exclude(bounced_at=None)
    return {known.address: known for known in bad}
