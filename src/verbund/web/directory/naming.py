"""Whether a text that is to be read without a name gives it away."""

from __future__ import annotations

import re

from verbund.language.spelling import fold
from verbund.records.names import parse_name
from verbund.web.networks.models import Organisation

_SHORTEST = 4  # letters; shorter names are words, too


def names_itself(organisation: Organisation, *texts: str) -> bool:
    """Tell whether a text says the name or an alias of an organisation, without its legal form."""
    words = re.findall(r"[^\W_]+", fold(" ".join(texts)))
    said = f" {' '.join(words)} "
    names = [organisation.name, *organisation.aliases.values_list("name", flat=True)]
    cores = {parse_name(name).core for name in names}
    return any(len(core) >= _SHORTEST and f" {core} " in said for core in cores)
