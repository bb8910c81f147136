"""Somebody with a password, and mails that stay here."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web import factories
from verbund.web.accounts.models import User

PASSWORD = "lens-and-axle-2026"  # noqa: S105  # of nobody


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "verbund.web.core.outbox.OutboxBackend"  # tests replace it


@pytest.fixture
def person(db: None) -> User:
    made = factories.user(email="erika@example.org", name="Erika", language="en")
    made.set_password(PASSWORD)
    made.save()
    return made
