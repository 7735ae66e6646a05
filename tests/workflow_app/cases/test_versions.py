"""A case runs to its end on the version of the process that it began on, whatever is released meanwhile (R-30)."""

from __future__ import annotations

import uuid

import pytest
from django.db import DatabaseError, transaction

from tests.workflow_app.office import Office
from workflow_app.cases.models import Case
from workflow_app.engine import bundles
from workflow_app.engine.errors import ImmutableDefinition
from workflow_app.engine.models import ProcessDefinition
from workflow_app.modeler import services as modeler


def release_renamed_step(office: Office) -> ProcessDefinition:
    """Release a version of the process in which a step has another name."""
    old = ProcessDefinition.objects.get(process_key="etv")
    files = dict(bundles.unpack(old.files))
    model = files["process.bpmn"].decode()
    assert 'name="Bedöm risk' in model
    files["process.bpmn"] = model.replace('name="Bedöm risk', 'name="Väg risken', 1).encode()
    return modeler.deploy(files=files, at=office.tick(), by=str(uuid.uuid4()))


def test_r30_a_case_goes_on_in_the_version_that_it_began_on_and_new_ones_take_the_new(office: Office) -> None:
    old = office.open_case()
    release = release_renamed_step(office)
    new = office.open_case()

    assert release.version == 2
    assert [Case.objects.get(pk=case.pk).definition.version for case in (old, new)] == [1, 2]
    assert office.item(old, "assess_risk").name.startswith("Bedöm risk")
    assert office.item(new, "assess_risk").name.startswith("Väg risken")
    office.do(old, "insp_017", "assess_risk")
    old.refresh_from_db()
    assert old.definition.version == 1


def test_r30_a_version_that_is_released_can_be_neither_changed_nor_taken_away(office: Office) -> None:
    release = release_renamed_step(office)

    rows = ProcessDefinition.objects.filter(pk=release.pk)
    for change in (lambda: rows.update(version=9), rows.delete):
        with pytest.raises(ImmutableDefinition):
            change()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        release.delete()
