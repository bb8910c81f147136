"""Files of an agreement, for the parties' offices and signatories."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.db import transaction

from verbund.web.agreements.models import Agreement, Document
from verbund.web.core.services import record

if TYPE_CHECKING:
    from verbund.web.accounts.models import User


@transaction.atomic
def add_document(agreement: Agreement, *, title: str, file: File[Any], by: User) -> Document:
    """Attach a file; the same file added twice stays one."""
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    hashed = hashlib.sha256()
    for chunk in file.chunks():
        hashed.update(chunk)
    digest = hashed.hexdigest()
    if twin := agreement.documents.filter(digest=digest).first():
        return twin
    document = Document.objects.create(
        agreement=agreement, title=title, file=file, digest=digest, added_by=by
    )
    record(by, "add_document", agreement, {"digest": digest})
    return document


@transaction.atomic
def remove_document(document: Document, *, by: User) -> None:
    """Remove a file for all parties."""
    file = document.file
    transaction.on_commit(partial(file.storage.delete, file.name or ""))
    record(by, "remove_document", document.agreement, {"digest": document.digest})
    document.delete()
