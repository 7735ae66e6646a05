"""The ledger's tables. Rows are only ever added; triggers on both databases refuse the rest."""

from __future__ import annotations

from typing import ClassVar, NoReturn

from django.db import models

from workflow_app.ledger.errors import AppendOnly


class AppendOnlyQuerySet(models.QuerySet["LedgerEntry"]):
    """Refuses in words what the database's trigger would refuse in its own."""

    def update(self, **values: object) -> NoReturn:
        raise AppendOnly("a ledger entry cannot be changed; record a new event instead")

    def delete(self) -> NoReturn:
        raise AppendOnly("a ledger entry cannot be deleted; disposal is an event of its own")


class LedgerEntry(models.Model):
    """One business event in a stream (a case, or one of the authority's own streams)."""

    #: A case's id, or the name of one of the authority's own streams (``ORDERS``, ``PROCESSES``, ``GRANTS``).
    stream = models.CharField(max_length=36)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    person = models.CharField(max_length=36, blank=True)
    #: The command that caused the event; at most one entry per command makes a repeated request harmless.
    command = models.CharField(max_length=120, unique=True)
    #: Canonical JSON, exactly the bytes that were hashed.
    body = models.TextField()
    hash = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["stream", "seq"], name="ledger_sequence_has_no_twins")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["kind", "at"], name="ledger_by_kind")]

    def __str__(self) -> str:
        return f"{self.stream}/{self.seq} {self.kind}"


class StreamHead(models.Model):
    """The end of one of the authority's own streams. A case keeps its head in its own row."""

    stream = models.CharField(max_length=36, primary_key=True)
    seq = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.stream}/{self.seq}"
