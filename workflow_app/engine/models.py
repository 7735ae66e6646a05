"""Deployed processes."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from workflow_app.engine.errors import ImmutableDefinition

models.CharField.register_lookup(Length)


class ProcessDefinitionQuerySet(models.QuerySet["ProcessDefinition"]):
    """Refuses in words what the database's trigger would refuse in its own."""

    def update(self, **values: Any) -> NoReturn:
        raise ImmutableDefinition

    def delete(self) -> NoReturn:
        raise ImmutableDefinition


class ProcessDefinition(models.Model):
    """One deployed version of a process: its models, forms, tables and scenarios, whole and unchangeable (R-30)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: Id of the BPMN process, the same for every version.
    process_key = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    #: Identity of the bundle's files.
    sha256 = models.CharField(max_length=64, unique=True)
    case_type = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    #: The bundle, file name -> text, as JSON.
    files = models.TextField()
    deployed_at = models.DateTimeField()
    #: Id of the person who deployed it.
    deployed_by = models.CharField(max_length=36)

    objects = ProcessDefinitionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["process_key", "version"], name="a_version_of_a_process_is_deployed_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="process_versions_count_from_one"),
            models.CheckConstraint(condition=Q(sha256__length=64), name="a_definition_is_named_by_a_sha256"),
            models.CheckConstraint(
                condition=~Q(process_key="") & ~Q(case_type="") & ~Q(files="") & ~Q(deployed_by=""),
                name="a_definition_says_what_it_is_and_who_deployed_it",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case_type", "-deployed_at"], name="definition_by_case_type")
        ]

    def __str__(self) -> str:
        return f"{self.process_key} {self.version}"
