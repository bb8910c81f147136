"""Who answers the questions about a profile: somebody signed in, or who came by a link."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.urls import reverse

from verbund.web.accounts.models import User
from verbund.web.core.models import MailAddress
from verbund.web.core.services import through_link
from verbund.web.networks.models import Network, Organisation


@dataclass(frozen=True)
class Chair:
    """An organisation whose profile is filled in, and by whom; `address` is where the link went."""

    organisation: Organisation
    on: dt.date
    homes: list[Network]
    partners: list[Network]
    by: User | None = None
    address: MailAddress | None = None
    token: str = ""
    may_release: bool = True

    @property
    def home(self) -> str:
        """Return the page that shows the whole profile."""
        if self.token:
            return reverse("profile_by_link", args=[self.token])
        return self.organisation.get_absolute_url()

    def question(self, key: str) -> str:
        if self.token:
            return reverse("question_by_link", args=[self.token, key])
        return reverse("question", args=[self.organisation.pk, key])

    def draft(self, key: str) -> str:
        if self.token:
            return reverse("draft_by_link", args=[self.token, key])
        return reverse("draft", args=[self.organisation.pk, key])

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Let the audit log say that it came by a link, if it did."""
        if self.address is None:
            yield
        else:
            with through_link(self.address):
                yield
