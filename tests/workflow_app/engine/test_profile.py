"""Everything outside the accepted profile is refused, with element id, line and a Swedish sentence."""

from __future__ import annotations

import pytest

from tests.workflow_app.engine.documents import (
    END,
    SEQUENCE,
    START,
    boundary,
    call,
    chain,
    check,
    document,
    flow,
    form,
    gateway,
    only,
    step,
    timer,
    user,
)
from workflow_app.engine import checking
from workflow_app.engine.checking import Checked
from workflow_app.engine.vocabulary import Vocabulary

TASK_LINE = 6
FLOWS = chain("start", "t", "end")
START2 = '<bpmn:startEvent id="s2"/>'
END2 = '<bpmn:endEvent id="e2"/>'


def refused(*parts: str) -> tuple[str, str]:
    """Check a process and give code and element of its one finding; its text must be a sentence."""
    found = only(check(*parts))
    assert found.line > 0
    assert found.text[0].isupper() or found.text.startswith("”")
    assert found.text.endswith(".")
    return found.code, found.element


def test_a_sequence_is_accepted_and_sound() -> None:
    checked = checking.check({"process.bpmn": SEQUENCE})
    assert (checked.id, checked.case_type, checked.accepted, checked.sound, checked.findings) == (
        "p", "ETV", True, True, ()
    )  # fmt: skip


# -- elements ----------------------------------------------------------------------------------------------------

TASKS = [
    '<bpmn:scriptTask id="t"><bpmn:script>import os</bpmn:script></bpmn:scriptTask>',
    '<bpmn:task id="t"/>',
    '<bpmn:manualTask id="t"/>',
    '<bpmn:transaction id="t"/>',
    '<bpmn:adHocSubProcess id="t"/>',
    '<bpmn:complexGateway id="t"/>',
]


@pytest.mark.parametrize("task", TASKS)
def test_an_element_outside_the_profile_is_refused_where_it_stands(task: str) -> None:
    found = only(check(START, task, END, FLOWS))
    assert (found.code, found.element, found.line) == ("REFUSED_ELEMENT", "t", TASK_LINE)
    assert "profilen" in found.text


def inside(inner: str) -> str:
    return f'<bpmn:userTask id="t">{step()}{inner}</bpmn:userTask>'


@pytest.mark.parametrize(
    "inner",
    [
        "<bpmn:standardLoopCharacteristics/>",
        "<bpmn:ioSpecification><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>",
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>",
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>x</bpmn:loopDataInputRef>"
        "</bpmn:multiInstanceLoopCharacteristics>",
        '<bpmn:potentialOwner id="o"/>',
    ],
)
def test_an_element_inside_a_task_is_refused_at_the_task(inner: str) -> None:
    code, element = refused(START, inside(inner), END, FLOWS)
    assert code == "REFUSED_ELEMENT"
    assert element in ("t", "o")


@pytest.mark.parametrize("kind", ["conditional", "link", "compensate", "cancel"])
def test_an_event_type_outside_the_profile_is_refused(kind: str) -> None:
    inner = "<bpmn:condition/>" if kind == "conditional" else ""
    name = ' name="l"' if kind == "link" else ""
    definition = f"<bpmn:{kind}EventDefinition{name}>{inner}</bpmn:{kind}EventDefinition>"
    event = f'<bpmn:intermediateCatchEvent id="t">{definition}</bpmn:intermediateCatchEvent>'
    assert refused(START, event, END, FLOWS) == ("REFUSED_ELEMENT", "t")


def test_an_import_of_another_file_is_refused() -> None:
    imported = '<bpmn:import namespace="urn:x" location="http://localhost/x.bpmn" importType="urn:x"/>'
    found = only(check(START, user("t"), END, FLOWS, before=imported))
    assert (found.code, found.line) == ("REFUSED_ELEMENT", 3)


@pytest.mark.parametrize(
    "extension",
    [
        '<foreign:preScript xmlns:foreign="urn:foreign">x = 1</foreign:preScript>',
        '<foreign:properties><foreign:property name="x"/></foreign:properties>',
        '<preScript xmlns="http://spiffworkflow.org/bpmn/schema/1.0/core">x</preScript>',
        '<taskListener xmlns="http://camunda.org/schema/1.0/bpmn" class="x"/>',
    ],
)
def test_foreign_extensions_are_refused(extension: str) -> None:
    task = inside("").replace("</bpmn:extensionElements>", f"{extension}</bpmn:extensionElements>")
    assert refused(START, task, END, FLOWS) == ("FOREIGN_ELEMENT", "t")


@pytest.mark.parametrize(
    ("attribute", "code"),
    [
        ('foreign:class="os.system"', "REFUSED_ATTRIBUTE"),
        ('isForCompensation="true"', "REFUSED_VALUE"),
        ('completionQuantity="2"', "REFUSED_VALUE"),
        ('implementation="http://localhost/ws"', "REFUSED_VALUE"),
    ],
)
def test_foreign_attributes_and_unsupported_values_are_refused(attribute: str, code: str) -> None:
    assert refused(START, inside("").replace('id="t"', f'id="t" {attribute}'), END, FLOWS) == (code, "t")


def test_an_unknown_extension_of_our_own_is_refused() -> None:
    task = inside("").replace("</bpmn:extensionElements>", "<beredd:script/></bpmn:extensionElements>")
    assert refused(START, task, END, FLOWS) == ("UNKNOWN_EXTENSION", "t")


def test_an_extension_on_the_wrong_element_is_refused() -> None:
    task = '<bpmn:serviceTask id="t">' + step() + "</bpmn:serviceTask>"
    assert refused(START, task, END, FLOWS) == ("MISPLACED_EXTENSION", "t")


def test_colours_of_the_drawing_are_accepted_and_anything_foreign_in_it_refused() -> None:
    def drawn(inner: str) -> bytes:
        diagram = (
            '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
            ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
            ' xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"><bpmndi:BPMNPlane bpmnElement="p">'
            f'<bpmndi:BPMNShape id="d" bpmnElement="write" {inner}><dc:Bounds x="1" y="1" width="9" height="9"/>'
            "</bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"
        )
        return SEQUENCE.replace(b"</bpmn:definitions>", diagram.encode())

    assert checking.check({"process.bpmn": drawn('bioc:fill="#fff"')}).sound
    assert only(checking.check({"process.bpmn": drawn('foreign:onclick="x()"')})).code == "REFUSED_ATTRIBUTE"


# -- shape -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((user("t"), END, chain("t", "end")), ("NO_START", "p")),
        ((START, user("t"), chain("start", "t")), ("NO_END", "p")),
        ((START, user("t"), END, user("alone"), FLOWS, chain("alone", "end")), ("NOT_CONNECTED", "alone")),
        ((START, user("t"), END, user("a"), END2, FLOWS, chain("t", "a", "e2")),
         ("IMPLICIT_SPLIT", "t")),
        ((START, START2, user("t"), END, FLOWS, chain("s2", "t")), ("ONE_START", "s2")),
        ((START, user("t"), END, FLOWS, flow("end", "t")), ("UNEXPECTED_FLOW", "end")),
        ((START, user("t"), END, chain("start", "t"), flow("t", "end", "returned = true")),
         ("UNEXPECTED_CONDITION", "t_end")),
        ((START, user("t"), END, FLOWS, flow("t", "start")), ("UNEXPECTED_FLOW", "start")),
    ],
)  # fmt: skip
def test_a_process_hangs_together(parts: tuple[str, ...], expected: tuple[str, str]) -> None:
    found = check(*parts).findings
    assert expected in {(f.code, f.element) for f in found}
    assert all(f.line for f in found)


def test_a_flow_may_not_leave_its_subprocess() -> None:
    inner = f'<bpmn:startEvent id="s2"/>{user("u")}<bpmn:endEvent id="e2"/>{chain("s2", "u", "end")}'
    sub = f'<bpmn:subProcess id="t">{inner}</bpmn:subProcess>'
    assert refused(START, sub, END, FLOWS) == ("DANGLING_FLOW", "u_end")


def test_only_one_process_in_a_file() -> None:
    other = '<bpmn:process id="q" isExecutable="true"/>'
    assert check(START, user("t"), END, FLOWS, before=other).findings[0].code == "ONE_PROCESS"


def test_a_process_that_is_not_executable_is_refused() -> None:
    data = SEQUENCE.replace(b'isExecutable="true"', b'isExecutable="false"')
    assert only(checking.check({"process.bpmn": data})).code == "NOT_EXECUTABLE"


def test_too_many_nodes_are_refused() -> None:
    names = [f"t{n}" for n in range(201)]
    checked = check(START, *map(user, names), END, chain("start", *names, "end"))
    assert only(checked).code == "TOO_MANY_NODES"


def test_a_case_type_must_be_named() -> None:
    assert only(check(START, user("t"), END, FLOWS, case_type=None)).code == "NO_CASE_TYPE"


# -- gateways and conditions -------------------------------------------------------------------------------------


def choice(condition: str | None, *, default: str | None = "x_b", kind: str = "exclusive") -> tuple[str, ...]:
    return (
        START, gateway("x", kind, default), user("a"), user("b"), gateway("m", kind), END,
        chain("start", "x"), flow("x", "a", condition), flow("x", "b"), chain("a", "m", "end"), flow("b", "m"),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["exclusive", "inclusive"])
def test_a_condition_on_known_facts_is_accepted(kind: str) -> None:
    assert check(*choice('returned = true or decision_type in ("INJUNCTION", "BAN_AFTER")', kind=kind)).sound


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("", "INVALID_EXPRESSION"),
        ("returned ==", "INVALID_EXPRESSION"),
        ("__import__('os').system('id')", "INVALID_EXPRESSION"),
        ("returned = true; drop table", "INVALID_EXPRESSION"),
        ("colour = true", "UNKNOWN_FACT"),
        ("department = 3", "UNKNOWN_FACT"),
        ("open(returned)", "UNKNOWN_FACT"),
        ("returned or " * 400 + "returned", "INVALID_EXPRESSION"),
        ("(" * 1500, "INVALID_EXPRESSION"),
    ],
)
def test_a_condition_must_be_feel_on_known_facts(condition: str, code: str) -> None:
    found = only(check(*choice(condition)))
    assert (found.code, found.element) == (code, "x_a")


def test_every_flow_of_a_choice_has_a_condition_or_is_the_default() -> None:
    assert refused(*choice(None)) == ("MISSING_CONDITION", "x_a")


def test_a_choice_without_default_is_refused() -> None:
    parts = list(choice("returned"))
    parts[1] = gateway("x")
    parts[8] = flow("x", "b", "not(returned)")
    assert refused(*parts) == ("MISSING_DEFAULT", "x")


def test_a_default_must_be_one_of_the_gateways_own_flows() -> None:
    checked = check(*choice("returned", default="a_m"))
    assert {"UNKNOWN_DEFAULT"} <= {f.code for f in checked.findings}


def test_a_field_of_a_form_is_a_fact() -> None:
    parts = choice('season = "summer"')
    assert check(*parts).findings[0].code == "UNKNOWN_FACT"
    assert check(*parts, files={"forms/season.json": form("season")}).sound


def test_an_inclusive_gateway_has_at_most_eight_flows() -> None:
    names = [f"t{n}" for n in range(9)]
    flows = [flow("o", n, "returned") for n in names[:-1]] + [flow("o", names[-1])] + [flow(n, "j") for n in names]
    checked = check(
        START, gateway("o", "inclusive", f"o_{names[-1]}"), gateway("j", "inclusive"), *map(user, names), END,
        chain("start", "o"), *flows, flow("j", "end"),
    )  # fmt: skip
    assert {(f.code, f.element) for f in checked.findings} == {("TOO_MANY_BRANCHES", "o"), ("TOO_MANY_BRANCHES", "j")}


def race(*targets: str) -> tuple[str, ...]:
    return (
        START, gateway("g", "eventBased"), *targets, gateway("m"), END, chain("start", "g"), flow("m", "end"),
        chain("g", "c1", "m"), chain("g", "c2", "m"),
    )  # fmt: skip


def catch(name: str, text: str) -> str:
    return f'<bpmn:intermediateCatchEvent id="{name}">{timer(text)}</bpmn:intermediateCatchEvent>'


def test_only_events_follow_an_event_based_gateway() -> None:
    assert check(*race(catch("c1", "P1D"), catch("c2", "P2D"))).sound
    assert refused(*race(catch("c1", "P1D"), user("c2"))) == ("EVENT_EXPECTED", "g_c2")


# -- steps -------------------------------------------------------------------------------------------------------


def with_step(vocabulary: Vocabulary | None = None, **attributes: str) -> list[str]:
    files = {"process.bpmn": document(START, user("t", **attributes), END, FLOWS), "forms/known.json": form("x")}
    checked = checking.check(files, vocabulary=vocabulary) if vocabulary else checking.check(files)
    assert all((f.element, f.line) == ("t", TASK_LINE) for f in checked.findings)
    return [f.code for f in checked.findings]


@pytest.mark.parametrize(
    ("attributes", "codes"),
    [
        ({"role": "INSP HL"}, []),
        ({"role": "ORDER", "act": "review"}, []),
        ({"role": "KING"}, ["UNKNOWN_ROLE"]),
        ({"role": "ORDER INSP"}, ["UNKNOWN_ROLE"]),
        ({"form": "known"}, []),
        ({"form": "unknown"}, ["UNKNOWN_FORM"]),
        ({"decisionType": "INSPECTION"}, []),
        ({"decisionType": "ABDICATION"}, ["UNKNOWN_DECISION_TYPE"]),
        ({"proposal": "true", "act": "prepare"}, []),
        ({"proposal": "true", "act": "review"}, ["MISPLACED_PROPOSAL"]),
        ({"forum": "OPS", "act": "present"}, []),
        ({"forum": "OPS", "act": "decide"}, ["MISPLACED_FORUM"]),
        ({"due": "2wd"}, []),
    ],
)
def test_a_step_uses_only_known_words(attributes: dict[str, str], codes: list[str]) -> None:
    assert with_step(**attributes) == codes


def test_the_vocabulary_that_is_passed_in_decides_what_is_known() -> None:
    narrow = Vocabulary(roles=frozenset({"GD"}), decision_types=frozenset({"X"}))
    assert with_step(narrow, decisionType="INSPECTION") == ["UNKNOWN_ROLE", "UNKNOWN_DECISION_TYPE"]


def test_a_legal_basis_that_the_order_does_not_know_is_refused() -> None:
    words = Vocabulary(legal_bases=frozenset({"FL-5", "MF-20"}))
    assert with_step(words, legalBasis="FL-5; MF-20") == []
    assert with_step(words, legalBasis="FL-5; FL-6") == ["UNKNOWN_LEGAL_BASIS"]


@pytest.mark.parametrize(
    ("tag", "extension"), [("userTask", "step"), ("serviceTask", "operation"), ("businessRuleTask", "table")]
)
def test_a_task_must_say_what_it_does(tag: str, extension: str) -> None:
    found = only(check(START, f'<bpmn:{tag} id="t"/>', END, FLOWS))
    assert (found.code, found.element) == ("MISSING_EXTENSION", "t")
    assert extension in found.text


def task(tag: str, extension: str) -> str:
    return f'<bpmn:{tag} id="t"><bpmn:extensionElements>{extension}</bpmn:extensionElements></bpmn:{tag}>'


def test_an_operation_must_be_registered_when_the_register_is_known() -> None:
    files = {"process.bpmn": document(START, task("serviceTask", '<beredd:operation name="fly"/>'), END, FLOWS)}
    assert checking.check(files).sound
    known = Vocabulary(operations=frozenset({"record_decision"}))
    assert only(checking.check(files, vocabulary=known)).code == "UNKNOWN_OPERATION"


@pytest.mark.parametrize(
    ("attributes", "codes"),
    [
        ('name="hand_over" process="tlp"', []),
        ('name="hand_over"', ["MISSING_ATTRIBUTE"]),
        ('name="open_children" process="p_child" collection="children"', []),
        ('name="open_children"', ["MISSING_ATTRIBUTE", "MISSING_ATTRIBUTE"]),
        ('name="open_children" process="p_child" collection="no_such_list"', ["UNKNOWN_FACT"]),
        ('name="send_letter"', ["MISSING_ATTRIBUTE"]),
    ],
)
def test_an_operation_is_told_what_it_needs(attributes: str, codes: list[str]) -> None:
    extension = f"<bpmn:extensionElements><beredd:operation {attributes}/></bpmn:extensionElements>"
    task = f'<bpmn:serviceTask id="t">{extension}</bpmn:serviceTask>'

    checked = check(START, task, user("u"), END, chain("start", "t", "u", "end"))

    assert [finding.code for finding in checked.findings] == codes


CALENDAR = "R/2026-11-01T06:00:00+01:00/P1Y"


@pytest.mark.parametrize(
    ("definition", "accepted"),
    [
        (timer(CALENDAR, "timeCycle"), True),
        (timer("R/P1Y", "timeCycle"), False),
        (timer("R/2026-11-01/P1Y", "timeCycle"), False),
        (timer("R/2026-11-01T06:00:00/P1Y", "timeCycle"), False),
        (timer("R/2026-11-01T06:00:00+01:00/PT1H", "timeCycle"), False),
        (timer("P1Y"), False),
    ],
)
def test_the_calendar_starts_a_case_at_moments_that_come_back(definition: str, accepted: bool) -> None:
    yearly = f'<bpmn:startEvent id="yearly">{definition}</bpmn:startEvent>'

    checked = check(yearly, user("t"), END, chain("yearly", "t", "end"))

    assert [finding.code for finding in checked.findings] == ([] if accepted else ["INVALID_TIMER"])


def test_a_moment_of_the_calendar_starts_cases_and_nothing_else() -> None:
    reminder = boundary("b", "t", timer(CALENDAR, "timeCycle"), interrupting=False)

    checked = check(START, user("t"), reminder, END, chain("start", "t", "end"), chain("b", "end"))

    assert only(checked).code == "INVALID_TIMER"


def test_beside_the_calendar_a_case_type_has_one_start() -> None:
    message = '<bpmn:message id="m" name="m"/>'
    received = '<bpmn:startEvent id="{}"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>'
    yearly = f'<bpmn:startEvent id="yearly">{timer(CALENDAR, "timeCycle")}</bpmn:startEvent>'
    ways = [chain(name, "x") for name in ("one", "yearly")]
    rest = (gateway("x"), user("t"), END, chain("x", "t", "end"))

    assert check(received.format("one"), yearly, *rest, *ways, before=message).findings == ()

    two = check(
        received.format("one"), received.format("two"), *rest, chain("one", "x"), chain("two", "x"), before=message
    )
    assert only(two).code == "AMBIGUOUS_START"


ROUTING = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="r" name="r" namespace="urn:r">'
    b'<decision id="d" name="d"><literalExpression><text>1</text></literalExpression></decision></definitions>'
)


def test_a_business_rule_asks_the_order_or_a_table_of_the_bundle() -> None:
    def asking(extension: str, **tables: bytes) -> Checked:
        files = {f"{name}.dmn": data for name, data in tables.items()}
        return check(START, task("businessRuleTask", extension), END, FLOWS, files=files)

    own = '<beredd:table ref="routing.dmn" decision="d"/>'
    assert asking('<beredd:table ref="ORDER"/>').sound
    assert asking(own, routing=ROUTING).sound
    assert only(asking(own)).code == "UNKNOWN_TABLE"
    assert only(asking(own.replace('"d"', '"other"'), routing=ROUTING)).code == "UNKNOWN_TABLE"
    assert only(asking(own, routing=b"<x/>")).code == "INVALID_TABLE"
    assert only(asking(own, routing=b"<!DOCTYPE x>" + ROUTING)).code == "INVALID_TABLE"


def test_what_a_table_gives_is_a_fact() -> None:
    table = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="r" name="r" namespace="urn:r">'
        b'<decision id="d" name="d"><decisionTable hitPolicy="UNIQUE"><input><inputExpression><text>title</text>'
        b'</inputExpression></input><output name="way_out"/><rule><inputEntry><text>-</text></inputEntry>'
        b"<outputEntry><text>1</text></outputEntry></rule></decisionTable></decision></definitions>"
    )
    gateway = '<bpmn:exclusiveGateway id="g" default="g_user_u"/>'
    flows = chain("start", "t", "g") + flow("g", "end", "way_out = 1") + flow("g", "user_u") + chain("user_u", "end")
    rule = task("businessRuleTask", '<beredd:table ref="routing.dmn" decision="d"/>')
    parts = (START, rule, gateway, user("user_u"), END, flows)

    assert check(*parts, files={"routing.dmn": table}).accepted
    other = table.replace(b"way_out", b"another")
    assert only(check(*parts, files={"routing.dmn": other})).code == "UNKNOWN_FACT"


@pytest.mark.parametrize(
    ("loop", "code"),
    [
        ("<bpmn:multiInstanceLoopCharacteristics/>", "MISSING_EXTENSION"),
        (
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
            '<beredd:instances collection="joint_participants[" /></bpmn:extensionElements>'
            "</bpmn:multiInstanceLoopCharacteristics>",
            "INVALID_EXPRESSION",
        ),
        (
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
            '<beredd:instances collection="neighbours" /></bpmn:extensionElements>'
            "</bpmn:multiInstanceLoopCharacteristics>",
            "UNKNOWN_FACT",
        ),
    ],
)
def test_a_multi_instance_activity_needs_a_known_collection(loop: str, code: str) -> None:
    assert refused(START, user("t", loop), END, FLOWS) == (code, "t")


# -- events ------------------------------------------------------------------------------------------------------


def with_boundary(definition: str, *, interrupting: bool = True) -> tuple[str, ...]:
    event = boundary("b", "t", definition, interrupting=interrupting)
    return (START, user("t"), event, END, END2, FLOWS, chain("b", "e2"))


@pytest.mark.parametrize(
    ("definition", "interrupting", "code"),
    [
        (timer("P2D"), True, None),
        (timer("P2D", working_days=True), False, None),
        (timer("PT4H", working_days=True), True, None),
        (timer("latest_date", "timeDate"), True, "UNKNOWN_FACT"),
        (timer("volume", "timeDate"), True, None),
        (timer("R3/P1D", "timeCycle"), False, None),
        (timer("R3/P1D", "timeCycle"), True, "INVALID_TIMER"),
        (timer("two days"), True, "INVALID_TIMER"),
        (timer("P2DT"), True, "INVALID_TIMER"),
        (timer("P1M", working_days=True), True, "INVALID_TIMER"),
        (timer("P900Y"), True, "INVALID_TIMER"),
        (timer("2027-13-01", "timeDate"), True, "INVALID_TIMER"),
        ("<bpmn:timerEventDefinition/>", True, "INVALID_TIMER"),
        ("<bpmn:messageEventDefinition/>", True, "UNKNOWN_MESSAGE"),
        ('<bpmn:signalEventDefinition signalRef="nowhere"/>', True, "UNKNOWN_SIGNAL"),
        ("<bpmn:terminateEventDefinition/>", True, "REFUSED_EVENT"),
        ("", True, "REFUSED_EVENT"),
        (timer("P1D") + timer("P2D"), True, "MULTIPLE_EVENTS"),
        ("<bpmn:errorEventDefinition/>", False, "REFUSED_VALUE"),
    ],
)
def test_events_can_be_understood(definition: str, interrupting: bool, code: str | None) -> None:
    checked = check(*with_boundary(definition, interrupting=interrupting))
    if code is None:
        assert checked.sound
    else:
        assert (only(checked).code, only(checked).element) == (code, "b")


def test_a_boundary_event_sits_on_an_activity() -> None:
    checked = check(START, user("t"), boundary("b", "end", timer("P1D")), END, FLOWS, chain("b", "t"))
    assert ("UNATTACHED", "b") in {(f.code, f.element) for f in checked.findings}


def test_an_error_that_nothing_catches_is_refused() -> None:
    error = '<bpmn:error id="err" errorCode="E1"/>'
    end = '<bpmn:endEvent id="end"><bpmn:errorEventDefinition errorRef="err"/></bpmn:endEvent>'
    found = only(check(START, user("t"), end, FLOWS, before=error))
    assert (found.code, found.element) == ("UNCAUGHT_ERROR", "end")


# -- forms and calls ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{", b'{"components": 3}', b'{"components": [3]}', b'{"components": [{"key": "X y"}]}', b"\xff",
     b'{"components": ' + b"[" * 5000 + b"]" * 5000 + b"}", b" " * 600_000],
)  # fmt: skip
def test_a_form_that_cannot_be_read_is_a_finding(data: bytes) -> None:
    found = only(check(START, user("t"), END, FLOWS, files={"forms/intake.json": data}))
    assert (found.code, found.file) == ("INVALID_FORM", "forms/intake.json")


def test_the_same_form_in_two_places_is_a_finding() -> None:
    files = {"forms/x.json": form("a"), "shared/forms/x.json": form("b")}
    assert only(check(START, user("t"), END, FLOWS, files=files)).code == "DUPLICATE_FORM"


CALLS = (START, call("t", "sub"), END, FLOWS)
SUB = document(START, user("u"), END, chain("start", "u", "end"), process="sub", case_type=None)


def test_a_call_of_a_process_in_the_bundle_is_accepted() -> None:
    checked = check(*CALLS, files={"shared/sub.bpmn": SUB})
    assert checked.sound
    assert checked.net is not None
    assert "t/u" in checked.net


def test_a_call_of_nothing_is_refused() -> None:
    assert refused(*CALLS) == ("UNKNOWN_PROCESS", "t")


def test_a_process_that_calls_itself_is_refused() -> None:
    found = only(check(START, call("t", "p"), END, FLOWS))
    assert (found.code, found.element) == ("CALLS_ITSELF", "t")
    assert "p → p" in found.text


def test_processes_that_call_each_other_are_refused() -> None:
    back = document(START, call("u", "p"), END, chain("start", "u", "end"), process="sub", case_type=None)
    found = only(check(*CALLS, files={"shared/sub.bpmn": back}))
    assert (found.code, found.element, found.file) == ("CALLS_ITSELF", "u", "shared/sub.bpmn")


def test_a_case_type_cannot_be_called() -> None:
    other = document(START, user("u"), END, chain("start", "u", "end"), process="sub", case_type="TIL")
    assert only(check(*CALLS, files={"shared/sub.bpmn": other})).code == "CALLS_CASE_TYPE"


def test_calls_that_multiply_are_refused_before_they_are_laid_out() -> None:
    files = {}
    for level in range(12):
        calls = [call(f"c{n}", f"level{level + 1}") for n in range(8)]
        process = document(
            START, *calls, END, chain("start", *(f"c{n}" for n in range(8)), "end"), process=f"level{level}",
            case_type=None,
        )  # fmt: skip
        files[f"shared/level{level}.bpmn"] = process
    files["shared/level12.bpmn"] = SUB.replace(b'"sub"', b'"level12"')

    found = only(check(START, call("t", "level0"), END, FLOWS, files=files))

    assert found.code == "TOO_MANY_NODES"


# -- cycles ------------------------------------------------------------------------------------------------------


def cycle(middle: str) -> tuple[str, ...]:
    return (
        START, gateway("m"), middle, gateway("x", default="x_end"), END,
        chain("start", "m", "t", "x"), flow("x", "m", "returned"), flow("x", "end"),
    )  # fmt: skip


def test_a_cycle_with_a_user_task_is_accepted() -> None:
    assert check(*cycle(user("t"))).sound


@pytest.mark.parametrize(
    "middle",
    [
        task("serviceTask", '<beredd:operation name="record"/>'),
        task("businessRuleTask", '<beredd:table ref="ORDER"/>'),
        '<bpmn:intermediateThrowEvent id="t"/>',
        user(
            "t",
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
            '<beredd:instances collection="joint_participants"/></bpmn:extensionElements>'
            "</bpmn:multiInstanceLoopCharacteristics>",
        ),
        '<bpmn:subProcess id="t"><bpmn:startEvent id="s2"/><bpmn:endEvent id="e2"/>'
        + chain("s2", "e2")
        + "</bpmn:subProcess>",
    ],
)
def test_a_cycle_that_may_never_wait_is_refused(middle: str) -> None:
    found = only(check(*cycle(middle)))
    assert found.code == "CYCLE_WITHOUT_WAIT"
    assert "t" in found.text


def test_a_cycle_through_a_subprocess_that_waits_is_accepted() -> None:
    inner = f'<bpmn:startEvent id="s2"/>{user("u")}<bpmn:endEvent id="e2"/>{chain("s2", "u", "e2")}'
    assert check(*cycle(f'<bpmn:subProcess id="t">{inner}</bpmn:subProcess>')).sound
