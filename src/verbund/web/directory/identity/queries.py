"""Who an organisation is beyond its name, as a viewer sees it."""

from __future__ import annotations

from dataclasses import dataclass

from verbund.records.names import legal_form_in
from verbund.web.agreements.sharing import visible
from verbund.web.directory.queries import Sight
from verbund.web.networks.models import Alias, Identifier, Organisation, Site, holds


@dataclass(frozen=True)
class Identity:
    """What everybody may see who sees the profile; `aliases` that ended are former names."""

    aliases: list[Alias]
    former: list[Alias]
    sites: list[Site]
    identifiers: list[Identifier]
    legal_form: str
    parent: Organisation | None
    children: list[Organisation]


def identity_of(organisation: Organisation, sight: Sight) -> Identity:
    """Collect names, sites and numbers; parent and children only where they are seen themselves."""
    viewer, on = sight.viewer, sight.on
    aliases = list(visible(organisation.aliases.all(), to=viewer, on=on))
    former = [alias for alias in aliases if alias.valid_until and alias.valid_until < on]
    family = sight.organisations
    return Identity(
        [alias for alias in aliases if alias not in former],
        former,
        list(visible(organisation.sites.filter(holds(on)), to=viewer, on=on)),
        list(visible(organisation.identifiers.all(), to=viewer, on=on)),
        legal_form_in(organisation.name) or organisation.legal_form,
        family.filter(pk=organisation.parent_id).first() if organisation.parent_id else None,
        list(family.filter(parent=organisation).order_by("name", "pk")),
    )
