"""Writes of competences that somebody states; what texts name is found by the index."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from verbund.web.core.services import record
from verbund.web.directory.models import Competence
from verbund.web.directory.services.index import announce_change, index_organisation
from verbund.web.networks.models import Organisation

if TYPE_CHECKING:
    from verbund.web.accounts.models import User


@transaction.atomic
def state_competence(
    organisation: Organisation,
    concept: str,
    *,
    evidence: str,
    source: str = "",
    by: User | None,
    on: dt.date,
) -> bool:
    """Say that an organisation can do something, and what speaks for it.

    Returns whether anything changed.
    """
    competence, is_new = Competence.objects.select_for_update().get_or_create(
        organisation=organisation,
        concept=concept,
        defaults={"evidence": evidence, "source": source},
    )
    if not is_new and (competence.evidence, competence.source) == (evidence, source):
        return False
    competence.evidence, competence.source = evidence, source
    competence.save()
    record(by, "update", organisation, {"fields": ["competences"], "concept": concept})
    announce_change([organisation], on)
    return True


@transaction.atomic
def take_back_competence(
    organisation: Organisation, concept: str, *, by: User | None, on: dt.date
) -> bool:
    """Take back what was stated; what the profile names goes on being found there."""
    stated = Competence.objects.filter(organisation=organisation, concept=concept)
    if not stated.exclude(evidence=Competence.Evidence.TEXT).delete()[0]:
        return False
    index_organisation(organisation)
    record(by, "update", organisation, {"fields": ["competences"], "concept": concept})
    announce_change([organisation], on)
    return True
