"""How terms become rows: what holds from a day on, and the texts that pages show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from verbund.web.agreements.models import Agreement, Clause, Party, Responsible, SharingRule
from verbund.web.agreements.signals import sharing_changed
from verbund.web.agreements.terms import ClauseTerms, Share, Terms, shares_of

_DAY = dt.timedelta(days=1)
_AGREED = (
    "kind", "title_de", "title_en", "aim_de", "aim_en", "signed_at", "review_on", "renewal",
    "renewal_months", "notice_months", "source",
)  # fmt: skip
_OF_CLAUSE = (
    "field", "title_de", "title_en", "aim_de", "aim_en", "measures_de", "measures_en",
    "planned_a_year",
)  # fmt: skip


def put_in_force(
    agreement: Agreement,
    terms: Terms,
    *,
    givers: Iterable[str],
    since: dt.date | None,
    on: dt.date,
) -> None:
    """Let terms hold from a day on; None stands for the agreement's own first day.

    Who sees what is dated and needs nobody on the day itself. Texts follow at once, or on the day
    by `take_effect`. Of what is shared, only what `givers` give is written.
    """
    rows = {clause.number: clause for clause in agreement.clauses.all()}
    slugs, givers = slugs_of(agreement), set(givers)
    for clause_terms in terms.clauses:
        clause = rows.pop(clause_terms.number, None) or _new_clause(agreement, clause_terms, since)
        wanted = {share for share in clause_terms.shares if share.giver in givers}
        write_shares(clause, wanted, slugs=slugs, since=since)
    if since:
        for clause in rows.values():
            _drop(clause, since)
    if since is None or since <= on:
        write_texts(agreement, terms)


def slugs_of(agreement: Agreement) -> dict[int, str]:
    return dict(agreement.signing.values_list("network_id", "network__slug"))


def write_header(agreement: Agreement, terms: Terms) -> None:
    """Write the agreement's own fields, and who is named to sign."""
    for name in _AGREED:
        setattr(agreement, name, getattr(terms, name))
    agreement.save()
    for party in terms.parties:
        Party.objects.filter(agreement=agreement, network__slug=party.slug).update(
            signatory=party.signatory, signatory_role=party.signatory_role
        )


def write_texts(agreement: Agreement, terms: Terms) -> None:
    """Write all that pages show; term and who sees what are not touched."""
    write_header(agreement, terms)
    rows = {clause.number: clause for clause in agreement.clauses.all()}
    networks = {slug: pk for pk, slug in slugs_of(agreement).items()}
    for clause_terms in terms.clauses:
        clause = rows[clause_terms.number]
        for name in _OF_CLAUSE:
            setattr(clause, name, getattr(clause_terms, name))
        clause.save()
        clause.responsible.all().delete()
        Responsible.objects.bulk_create(
            Responsible(clause=clause, network_id=networks[slug], name=name)
            for slug, name in clause_terms.responsible
        )


def _new_clause(agreement: Agreement, terms: ClauseTerms, since: dt.date | None) -> Clause:
    texts = {name: getattr(terms, name) for name in _OF_CLAUSE}
    return Clause.objects.create(
        agreement=agreement, number=terms.number, valid_from=since, **texts
    )


def _drop(clause: Clause, since: dt.date) -> None:
    """End a clause the day before; its activities stay."""
    if clause.valid_until is None or clause.valid_until >= since:
        clause.valid_until = since - _DAY
        clause.save(update_fields=["valid_until"])
    write_shares(clause, set(), slugs=slugs_of(clause.agreement), since=since)


def write_shares(
    clause: Clause, wanted: Iterable[Share], *, slugs: dict[int, str], since: dt.date | None
) -> None:
    """Let exactly these shares hold from a day on; what went on before keeps its first day."""
    missing = set(wanted)
    rules = clause.rules.filter(Q(valid_until=None) | Q(valid_until__gte=since)) if since else ()
    for rule in rules:
        means = set(shares_of(rule, slugs))
        kept = means & missing
        missing -= means
        if since and kept != means:
            for share in kept:
                add_share(clause, share, slugs, rule.valid_from)
            rule.valid_until = since - _DAY
            rule.save(update_fields=["valid_until"])
    for share in sorted(missing):
        add_share(clause, share, slugs, since)


def add_share(clause: Clause, share: Share, slugs: dict[int, str], since: dt.date | None) -> None:
    """Let one share more hold from a day on."""
    networks = {slug: pk for pk, slug in slugs.items()}
    SharingRule.objects.create(
        clause=clause,
        data_class=share.data_class,
        audience=share.audience,
        giver_id=networks[share.giver],
        receiver_id=networks[share.receiver] if share.receiver else None,
        valid_from=since,
    )


def tell(agreement: Agreement) -> None:
    """Say that who sees what has changed, or will on a day."""
    networks = list(agreement.signing.values_list("network_id", flat=True))
    sharing_changed.send(sender=Agreement, networks=networks)
