"""What every shipped model holds: it is accepted and sound, drawn, and says who does what by when."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from delegation import legal_basis
from tests.bpmn.models import BPMN_DIR, CASE_TYPES, FORMS, MODELS, document, elements, name_of
from workflow_app.engine import bundles, checking
from workflow_app.engine.document import BPMNDI, DC, FLOW_NODES, GATEWAYS, Element

LARGEST_PAGE = 36
#: Swedish task names begin with a verb in the imperative.
_VERBS = """
    Ange Anmäl Anteckna Avgör Bedöm Begär Bered Beräkna Besluta Bestäm Bevaka Eskalera Expediera Fatta Foga Följ
    Föredra Föreslå Ge Genomför Granska Hantera Hör Inhämta Kommunicera Komplettera Kontrollera Koppla Lägg
    Lämna Planera Pröva Registrera Sammanfatta Sammanställ Skicka Skriv Skydda Slå Ställ Svara Sätt
    Underrätta Upprätta Utred Utse Utvärdera Verifiera Välj Yttra
"""
VERBS = frozenset(_VERBS.split())

each_model = pytest.mark.parametrize("path", MODELS, ids=name_of)


@pytest.mark.parametrize("folder", CASE_TYPES, ids=lambda path: path.name)
def test_every_case_type_is_accepted_and_sound(folder: Path) -> None:
    checked = checking.check(bundles.read_bundle(folder))
    assert (checked.accepted, checked.sound, checked.findings) == (True, True, ())


@each_model
def test_every_page_is_accepted_and_sound_by_itself(path: Path) -> None:
    files, main = bundles.read_single(path)
    checked = checking.check(files, main=main, standalone=True)
    assert (checked.accepted, checked.sound, checked.findings) == (True, True, ())


@each_model
def test_every_process_has_a_title_and_a_review_date(path: Path) -> None:
    for process in elements(path, "process"):
        about = process.extension("process")
        assert about is not None
        assert about.get("title")
        assert about.get("reviewDate")
        assert process.first("documentation")


def test_ids_are_snake_case_and_used_once_in_all_models() -> None:
    seen: dict[str, str] = {}
    for path in MODELS:
        for element in elements(path):
            assert re.fullmatch(r"[a-z][a-z0-9_]*", element.id), element.id
            # Annotated steps recur in scenarios and ledgers by their short name.
            if element.tag in FLOW_NODES and element.name and element.tag not in ("startEvent", "endEvent"):
                assert seen.setdefault(element.id, name_of(path)) == name_of(path), element.id


@each_model
def test_every_element_and_flow_is_drawn_inside_its_pool(path: Path) -> None:
    root = document(path).root
    shapes = {e.get("bpmnElement"): e for e in root.walk() if e.namespace == BPMNDI and e.tag == "BPMNShape"}
    edges = {e.get("bpmnElement") for e in root.walk() if e.namespace == BPMNDI and e.tag == "BPMNEdge"}
    nodes = {e.id for e in elements(path, *FLOW_NODES)} | {e.id for e in elements(path, "lane", "participant")}
    assert nodes == set(shapes)
    assert {e.id for e in elements(path, "sequenceFlow")} == edges

    def box(name: str) -> tuple[float, float, float, float]:
        bounds = next(c for c in shapes[name].walk() if c.namespace == DC and c.tag == "Bounds")
        x, y, w, h = (float(bounds.attributes[key]) for key in ("x", "y", "width", "height"))
        return x, y, x + w, y + h

    pool = box(next(elements(path, "participant")).id)
    for name in nodes:
        left, top, right, bottom = box(name)
        inside = pool[0] <= left and pool[1] <= top and right <= pool[2] and bottom <= pool[3]
        assert inside, f"{name} is drawn outside the pool"


@each_model
def test_no_two_steps_are_drawn_on_top_of_each_other(path: Path) -> None:
    root = document(path).root
    drawn = {e.get("bpmnElement"): e for e in root.walk() if e.namespace == BPMNDI and e.tag == "BPMNShape"}
    boxes = {}
    for element in elements(path, *(FLOW_NODES - {"boundaryEvent", "subProcess"})):
        bounds = next(c for c in drawn[element.id].walk() if c.namespace == DC and c.tag == "Bounds")
        x, y, w, h = (float(bounds.attributes[key]) for key in ("x", "y", "width", "height"))
        for other, (left, top, right, bottom) in boxes.items():
            apart = x >= right or left >= x + w or y >= bottom or top >= y + h
            assert apart, f"{element.id} overlaps {other}"
        boxes[element.id] = (x, y, x + w, y + h)


@each_model
def test_a_page_is_small_enough_to_read(path: Path) -> None:
    assert sum(1 for _ in elements(path, *FLOW_NODES)) <= LARGEST_PAGE


@each_model
def test_every_task_is_named_by_a_swedish_verb_phrase(path: Path) -> None:
    for task in elements(path, "userTask", "serviceTask", "sendTask", "businessRuleTask", "callActivity"):
        verb, _, rest = task.name.partition(" ")
        assert verb in VERBS, task.name
        assert rest, task.name


@each_model
def test_every_choice_is_a_question_and_every_way_out_of_it_is_named(path: Path) -> None:
    flows = list(elements(path, "sequenceFlow"))
    for gateway in elements(path, *GATEWAYS):
        ways = [flow for flow in flows if flow.get("sourceRef") == gateway.id]
        if len(ways) > 1 and gateway.tag != "parallelGateway":
            assert gateway.name.endswith("?"), gateway.id
            assert all(way.name for way in ways), gateway.id


@each_model
def test_every_step_says_who_does_what_with_which_form_by_when_and_why(path: Path) -> None:
    forms = {form.stem for form in FORMS if form.parent.parent in (path.parent, path.parent.parent / "shared")}
    for task in elements(path, "userTask"):
        step = task.extension("step")
        assert step is not None
        assert all(step.get(name) for name in ("act", "role", "form", "due", "help", "legalBasis")), task.id
        assert step.get("form") in forms, step.get("form")


@each_model
def test_every_legal_basis_that_a_step_names_is_in_the_order(path: Path) -> None:
    known = legal_basis.read_registry((BPMN_DIR / "delegation_order/legal_basis.toml").read_bytes()).keys
    named = {key.strip() for task in elements(path, "userTask") for key in _legal_bases(task)}
    assert named <= known, sorted(named - known)


def _legal_bases(task: Element) -> list[str]:
    step = task.extension("step")
    return (step.get("legalBasis") or "").split(";") if step is not None else []


@each_model
def test_every_step_lies_in_a_lane(path: Path) -> None:
    lying = {ref.text for lane in elements(path, "lane") for ref in lane.all("flowNodeRef")}
    for process in elements(path, "process"):
        assert {node.id for node in process.all(*FLOW_NODES)} == lying
