"""Deploying: a bundle becomes an immutable, numbered definition, or is refused with everything that is wrong."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from tests.workflow_app.engine.documents import END, SEQUENCE, START, call, chain, document, form, user
from workflow_app.engine import bundles, selectors, services
from workflow_app.engine import net as nets
from workflow_app.engine.errors import ImmutableDefinition, ModelRefused, UnknownDefinition
from workflow_app.engine.models import ProcessDefinition
from workflow_app.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
PERSON = "0f0e0d0c-0000-4000-8000-000000000001"
BUNDLE = {"process.bpmn": SEQUENCE, "forms/intake.json": form("title")}


def deploy(**changed: bytes) -> ProcessDefinition:
    return services.deploy({**BUNDLE, **changed}, at=AT, by=PERSON)


def test_a_bundle_is_deployed_as_the_first_version() -> None:
    definition = deploy()

    assert (definition.process_key, definition.version, definition.case_type, definition.title) == (
        "p",
        1,
        "ETV",
        "Prov",
    )
    assert definition.sha256 == bundles.sha256(BUNDLE)
    assert LedgerEntry.objects.filter(kind="PROCESS_DEPLOYED").count() == 1


def test_the_same_bundle_is_deployed_once() -> None:
    assert deploy().pk == deploy().pk
    assert ProcessDefinition.objects.count() == 1


def test_a_changed_bundle_is_the_next_version_and_the_one_in_use() -> None:
    first = deploy()
    second = deploy(**{"scenarios.toml": "# ändrad\n".encode()})

    assert (first.version, second.version) == (1, 2)
    assert selectors.current_definition("ETV").pk == second.pk
    assert selectors.deployed_case_types() == ("ETV",)


def test_a_process_without_intake_form_is_opened_by_other_cases_only() -> None:
    child = document(START, user("write"), END, chain("start", "write", "end"), process="p_child")
    services.deploy({"process.bpmn": child}, at=AT, by=PERSON)

    assert selectors.deployed_case_types() == ()
    with pytest.raises(UnknownDefinition, match="ETV"):
        selectors.current_definition("ETV")
    assert selectors.current_process("p_child").version == 1

    registered = deploy()
    assert selectors.current_definition("ETV").pk == registered.pk
    assert selectors.current_process("p").pk == registered.pk
    with pytest.raises(UnknownDefinition, match="p_other"):
        selectors.current_process("p_other")


def test_a_case_type_has_one_process_that_persons_register_cases_in() -> None:
    deploy()
    other = document(START, user("write"), END, chain("start", "write", "end"), process="p_other")

    with pytest.raises(ModelRefused, match="registreras redan i processen p") as refused:
        deploy(**{"process.bpmn": other})

    assert [finding.code for finding in refused.value.findings] == ["SECOND_INTAKE"]


def test_the_other_process_may_have_the_intake_form_once_the_first_has_lost_it() -> None:
    deploy()
    services.deploy({"process.bpmn": SEQUENCE}, at=AT, by=PERSON)
    other = document(START, user("write"), END, chain("start", "write", "end"), process="p_other")

    deploy(**{"process.bpmn": other})

    assert selectors.current_definition("ETV").process_key == "p_other"


def test_a_refused_model_changes_nothing_and_names_every_finding() -> None:
    wrong = document(START, '<bpmn:scriptTask id="t"/>', END, '<bpmn:task id="u"/>', chain("start", "t", "end"))

    with pytest.raises(ModelRefused, match=r"`t`, line 6: .*and 1 more") as refused:
        deploy(**{"process.bpmn": wrong})

    assert [f.element for f in refused.value.findings] == ["t", "u"]
    assert not ProcessDefinition.objects.exists()
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a\x00b"])
def test_a_file_that_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(ModelRefused, match="UTF-8"):
        deploy(**{"letters/decision.typ": data})


def test_a_definition_cannot_be_changed_through_its_manager() -> None:
    deploy()
    with pytest.raises(ImmutableDefinition, match="deploy a new version"):
        ProcessDefinition.objects.update(title="Annan")
    with pytest.raises(ImmutableDefinition):
        ProcessDefinition.objects.all().delete()


@pytest.mark.parametrize(
    "statement", ["UPDATE engine_processdefinition SET title = 'x'", "DELETE FROM engine_processdefinition"]
)
def test_a_definition_cannot_be_changed_in_the_database(statement: str) -> None:
    deploy()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_saved_definition_cannot_be_saved_again() -> None:
    definition = deploy()
    definition.title = "Annan"
    with pytest.raises(DatabaseError), transaction.atomic():
        definition.save()


def test_the_net_of_a_definition_runs_and_is_compiled_once() -> None:
    definition = deploy()
    net = selectors.net(definition.pk)

    assert nets.waits(net, nets.start(net, {}).marking)[0].node == "write"
    assert selectors.net(definition) is net
    assert selectors.net(definition.sha256).process == "p"


def test_the_files_of_a_definition_are_read_by_key() -> None:
    definition = deploy()

    assert selectors.definition(definition.sha256).pk == definition.pk
    assert "components" in (selectors.form(definition, "intake") or "")
    assert selectors.form(definition.pk, "unknown") is None
    assert selectors.diagram(definition, "p") == SEQUENCE.decode()


def test_what_is_not_deployed_is_named_in_the_error() -> None:
    with pytest.raises(UnknownDefinition, match="TIL"):
        selectors.current_definition("TIL")
    with pytest.raises(UnknownDefinition):
        selectors.net(uuid.uuid4())
    with pytest.raises(UnknownDefinition):
        selectors.diagram(deploy(), "elsewhere")


# -- folders -----------------------------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A case type that calls one shared process, which calls another; a third is left alone."""

    def shared(name: str, *inner: str) -> None:
        parts = [user(f"{name}_u"), *inner]
        names = [f"{name}_u", *(f"call_{n}" for n in ("second",) if inner)]
        text = document(START, *parts, END, chain("start", *names, "end"), process=name, case_type=None)
        (tmp_path / "shared" / f"{name}.bpmn").write_bytes(text)

    (tmp_path / "shared" / "forms").mkdir(parents=True)
    (tmp_path / "shared" / "forms" / "review.json").write_bytes(form("outcome"))
    shared("first", call("call_second", "second"))
    shared("second")
    shared("unused")
    (tmp_path / "etv" / "forms").mkdir(parents=True)
    (tmp_path / "etv" / "forms" / "intake.json").write_bytes(form("title"))
    process = document(START, call("c", "first"), END, chain("start", "c", "end"))
    (tmp_path / "etv" / "process.bpmn").write_bytes(process)
    (tmp_path / "etv" / "notes.txt").write_text("not part of the bundle")
    return tmp_path


def test_a_bundle_holds_its_folder_and_what_it_calls(root: Path) -> None:
    files = bundles.read_bundle(root / "etv")

    assert sorted(files) == [
        "forms/intake.json", "process.bpmn", "shared/first.bpmn", "shared/forms/review.json", "shared/second.bpmn"
    ]  # fmt: skip
    assert bundles.unpack(bundles.pack(files)) == files
    assert bundles.folders(root) == (root / "etv",)


def test_a_form_of_the_case_type_stands_in_for_the_shared_one_of_its_key(root: Path) -> None:
    own = form("outcome", "remark")
    (root / "etv" / "forms" / "review.json").write_bytes(own)

    for files in (bundles.read_bundle(root / "etv"), bundles.read_single(root / "etv" / "process.bpmn")[0]):
        assert files["forms/review.json"] == own
        assert "shared/forms/review.json" not in files


def test_a_process_read_by_itself_has_the_pages_beside_it_that_it_calls(root: Path) -> None:
    page = document(START, call("c", "second"), END, chain("start", "c", "end"), process="page", case_type=None)
    (root / "etv" / "page.bpmn").write_bytes(page)
    (root / "etv" / "process.bpmn").write_bytes(document(START, call("p", "page"), END, chain("start", "p", "end")))

    files, main = bundles.read_single(root / "etv" / "process.bpmn")

    assert main == "process.bpmn"
    assert {name for name in files if name.endswith(".bpmn")} == {main, "page.bpmn", "shared/second.bpmn"}


def test_a_bundle_that_was_deployed_from_a_folder_has_the_called_nodes(root: Path) -> None:
    definition = services.deploy(bundles.read_bundle(root / "etv"), at=AT, by=PERSON)
    assert "c/call_second/second_u" in selectors.net(definition)


def test_the_identity_depends_on_names_and_contents_and_nothing_else() -> None:
    identity = bundles.sha256({"a": b"1", "b": b"2"})
    assert identity == bundles.sha256({"b": b"2", "a": b"1"})
    assert identity != bundles.sha256({"a": b"1b", "": b"2"})
    assert identity != bundles.sha256({"a": b"2", "b": b"1"})
