"""Members as the directory knows them: indexed, so that searches and filters find them."""

from __future__ import annotations

from typing import Any

from tests.web import factories
from verbund.web.directory.models import Offer, Profile, Request
from verbund.web.directory.services import index_entry, index_organisation
from verbund.web.networks.models import Network, Organisation

JENA, ZWICKAU = (50.93, 11.59), (50.72, 12.50)


def member(*networks: Network, profile: str = "", **fields: Any) -> Organisation:
    made = factories.organisation(*networks, **fields)
    Profile.objects.filter(organisation=made).update(text_de=profile)
    index_organisation(made)
    return made


def offer(organisation: Organisation, text: str, **fields: Any) -> Offer:
    made = factories.offer(organisation, text, **fields)
    index_entry(made)
    made.save()
    return made


def request(organisation: Organisation, text: str, **fields: Any) -> Request:
    made = factories.request(organisation, text, **fields)
    index_entry(made)
    made.save()
    return made
