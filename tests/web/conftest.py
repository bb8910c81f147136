"""The cast: two networks that agree, a third that does not, their people, and a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client
from django.test import client as django_client
from django.test.utils import CaptureQueriesContext

from tests.web import factories
from verbund.web.accounts.models import User
from verbund.web.agreements.models import Agreement
from verbund.web.networks.models import DataClass, Network, Organisation

ALL_CLASSES = tuple(DataClass)


def _keep_connections(**_: Any) -> None:
    """Take the place of `close_old_connections` while tests run."""


@pytest.fixture(autouse=True, scope="session")
def connection_outlives_downloads() -> None:
    """Keep the test's transaction when an answer that was never read, such as a file, is dropped.

    The client of the tests spares it from other answers, by taking the listener off meanwhile.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    django_client.close_old_connections = _keep_connections  # type: ignore[attr-defined]


@dataclass
class World:
    """Network A and B share everything by agreement; C agrees with nobody."""

    a: Network
    b: Network
    c: Network
    agreement: Agreement
    member_a: Organisation
    member_b: Organisation
    member_c: Organisation
    manager_a: User
    manager_b: User
    manager_c: User
    person_a: User
    person_b: User
    stranger: User


@pytest.fixture
def world(db: None) -> World:
    a, b, c = (factories.network(slug=slug, name=f"Netz {slug.upper()}") for slug in "abc")
    member_a = factories.organisation(a, name="Alpha Karosserie GmbH", city="Zwickau")
    member_b = factories.organisation(b, name="Beta Optik GmbH", city="Jena")
    member_c = factories.organisation(c, name="Gamma Logistik GmbH", city="Halle")
    return World(
        a=a,
        b=b,
        c=c,
        agreement=factories.agreement(a, b, shares=ALL_CLASSES),
        member_a=member_a,
        member_b=member_b,
        member_c=member_c,
        manager_a=factories.manager_of(a, name="Managerin A"),
        manager_b=factories.manager_of(b, name="Manager B"),
        manager_c=factories.manager_of(c, name="Managerin C"),
        person_a=factories.representative_of(member_a, name="Person A"),
        person_b=factories.representative_of(member_b, name="Person B"),
        stranger=factories.user(name="Stranger"),
    )


@pytest.fixture
def signed_in() -> Any:
    """Return a browser in which this person is signed in; None stays outside."""

    def make(person: User | None) -> Client:
        client = Client()
        client.cookies["django_language"] = "en"
        if person:
            client.force_login(person)
        return client

    return make


@pytest.fixture
def count_queries() -> Any:
    """Count the queries of a call, for "the same for 1 and 3 rows"."""

    def count(call: Any) -> int:
        caches["process"].clear()  # every call counts as a first one
        with CaptureQueriesContext(connection) as context:
            call()
        return len(context)

    return count


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DATA = tmp_path
    caches["process"].clear()  # counts of another test's rows
