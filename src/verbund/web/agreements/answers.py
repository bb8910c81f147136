"""What each party said to a text, and whether it said so to this very text."""

from __future__ import annotations

from dataclasses import dataclass

from verbund.web.agreements.models import Signature, Version
from verbund.web.agreements.terms import digest_of
from verbund.web.networks.models import Network


@dataclass(frozen=True)
class Answer:
    network: Network
    signature: Signature | None
    matches: bool


def answers_to(version: Version) -> list[Answer]:
    """Return an answer for each party; the text is hashed anew and compared with what was kept."""
    given = {signature.network_id: signature for signature in version.signatures.all()}
    digest = digest_of(version.content)
    return [
        Answer(
            party.network,
            signature := given.get(party.network_id),
            signature is not None and signature.digest == digest == version.digest,
        )
        for party in version.agreement.signing.all()
    ]
