from __future__ import annotations

from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import pytest

from delegation.dmn.errors import CyclicRequirement, ModelInvalid, UnknownElement
from delegation.dmn.graph import DecisionGraph
from delegation.feel import Budget, BudgetExceeded
from tests.delegation.dmn.models import NAMESPACE, model, table_xml


def literal(text: str, kind: str = "") -> str:
    typed = f' typeRef="{kind}"' if kind else ""
    return f"<literalExpression{typed}><text>{escape(text)}</text></literalExpression>"


def decision(name: str, logic: str, *, needs: tuple[str, ...] = (), kind: str = "") -> str:
    """Write a decision; needs are ``input:id``, ``decision:id`` or ``knowledge:id``."""
    wanted = {"input": "requiredInput", "decision": "requiredDecision", "knowledge": "requiredKnowledge"}
    requirements = ""
    for need in needs:
        what, _, href = need.partition(":")
        outer = "knowledgeRequirement" if what == "knowledge" else "informationRequirement"
        target = href if "#" in href else f"#{href}"
        requirements += f'<{outer}><{wanted[what]} href="{target}"/></{outer}>'
    variable = f'<variable name="{name}"' + (f' typeRef="{kind}"/>' if kind else "/>")
    return f'<decision id="{name}" name="{name}">{variable}{requirements}{logic}</decision>'


def given(name: str, kind: str = "") -> str:
    return (
        f'<inputData id="{name}" name="{name}"><variable name="{name}"'
        + (f' typeRef="{kind}"/>' if kind else "/>")
        + "</inputData>"
    )


def knowledge(name: str, parameters: tuple[str, ...], logic: str, *, needs: tuple[str, ...] = ()) -> str:
    listed = ""
    for entry in parameters:
        parameter, _, kind = entry.partition(":")
        listed += f'<formalParameter name="{parameter}"' + (f' typeRef="{kind}"/>' if kind else "/>")
    needed = "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{need}"/></knowledgeRequirement>' for need in needs
    )
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"/>'
        f"<encapsulatedLogic>{listed}{logic}</encapsulatedLogic>{needed}</businessKnowledgeModel>"
    )


def service(name: str, *, outputs: tuple[str, ...], data: tuple[str, ...] = (), decisions: tuple[str, ...] = ()) -> str:
    parts = [f'<outputDecision href="#{entry}"/>' for entry in outputs]
    parts += [f'<inputDecision href="#{entry}"/>' for entry in decisions]
    parts += [f'<inputData href="#{entry}"/>' for entry in data]
    return f'<decisionService id="{name}" name="{name}"><variable name="{name}"/>{"".join(parts)}</decisionService>'


def value(body: str, name: str = "Answer", **inputs: Any) -> Any:
    return DecisionGraph(model(body)).evaluate(name, inputs)


def boxed(logic: str, **inputs: Any) -> Any:
    needs = tuple(f"input:{name}" for name in inputs)
    return value("".join(given(name) for name in inputs) + decision("Answer", logic, needs=needs), **inputs)


def test_required_decisions_are_evaluated_first() -> None:
    body = (
        given("Risk class") + decision("Base fee", literal("Risk class * 100"), needs=("input:Risk class",))
        + decision("Answer", literal("Base fee + 1"), needs=("decision:Base fee",))
    )  # fmt: skip

    assert DecisionGraph(model(body)).evaluate("Answer", {"Risk class": 3}) == 301


def test_what_is_not_required_is_not_in_scope() -> None:
    body = given("a") + decision("Answer", literal("a"))

    assert value(body, a=1) is None


def test_a_decision_without_logic_is_null() -> None:
    assert value(decision("Answer", "")) is None


def test_decisions_in_a_ring_are_an_error() -> None:
    body = decision("A", literal("B"), needs=("decision:B",)) + decision("B", literal("A"), needs=("decision:A",))

    with pytest.raises(CyclicRequirement, match="`A` -> `B` -> `A`"):
        value(body, "A")


def test_a_chain_of_decisions_has_an_end() -> None:
    body = decision("D2000", literal("1")) + "".join(
        decision(f"D{at}", literal(f"D{at + 1}"), needs=(f"decision:D{at + 1}",)) for at in range(2000)
    )

    assert value(body, "D1950") == 1
    with pytest.raises(ModelInvalid, match="100 deep"):
        value(body, "D0")


def test_functions_that_never_end_use_up_their_budget() -> None:
    body = knowledge("F", (), literal("F() + 1")) + decision("Answer", literal("F()"), needs=("knowledge:F",))

    with pytest.raises(BudgetExceeded):
        value(body)


def test_a_reference_to_nothing_is_an_error() -> None:
    with pytest.raises(UnknownElement, match="`missing`"):
        value(decision("Answer", literal("1"), needs=("decision:missing",)))


def test_text_that_is_not_feel_is_null_with_a_note() -> None:
    budget = Budget()

    assert DecisionGraph(model(decision("Answer", literal("1 +")))).evaluate("Answer", {}, budget=budget) is None
    assert "Answer" in budget.notes[0].reason


def test_a_context_sees_its_earlier_entries_and_may_have_a_result() -> None:
    first = f'<contextEntry><variable name="monthly fee"/>{literal("10")}</contextEntry>'
    second = f'<contextEntry><variable name="year"/>{literal("monthly fee * 12")}</contextEntry>'

    assert boxed(f"<context>{first}{second}</context>") == {"monthly fee": 10, "year": 120}
    assert boxed(f"<context>{first}{second}<contextEntry>{literal('year + 1')}</contextEntry></context>") == 121


def test_lists_relations_and_conditionals() -> None:
    assert boxed(f"<list>{literal('1')}{literal('x')}</list>", x=2) == [1, 2]
    relation = f'<relation><column name="a"/><column name="b"/><row>{literal("1")}{literal("x")}</row></relation>'
    assert boxed(relation, x="z") == [{"a": 1, "b": "z"}]
    more, less = literal('"more"'), literal('"less"')
    conditional = f"<conditional><if>{literal('x > 1')}</if><then>{more}</then><else>{less}</else></conditional>"
    assert [boxed(conditional, x=x) for x in (2, 1, None)] == ["more", "less", "less"]


def test_a_condition_that_is_no_boolean_is_null() -> None:
    assert (
        boxed(
            f"<conditional><if>{literal('1')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>"
        )
        is None
    )


def test_filter_knows_the_item_and_its_members() -> None:
    rows = [{"unit": "N", "age": 10}, {"unit": "S", "age": 20}]

    def filtered(match: str) -> Any:
        return boxed(f"<filter><in>{literal('rows')}</in><match>{literal(match)}</match></filter>", rows=rows)

    assert filtered("item.age > 15") == [{"unit": "S", "age": 20}]
    assert filtered('unit = "N"') == [{"unit": "N", "age": 10}]
    assert filtered("false") == []


def test_for_some_and_every() -> None:
    def over(element: str, inner: str, text: str) -> Any:
        return boxed(
            f'<{element} iteratorVariable="each one"><in>{literal("values")}</in>'
            f"<{inner}>{literal(text)}</{inner}></{element}>",
            values=[1, 2, 3],
        )

    assert over("for", "return", "each one * 2") == [2, 4, 6]
    assert over("for", "return", "count(partial)") == [0, 1, 2]
    assert over("some", "satisfies", "each one > 2") is True
    assert over("every", "satisfies", "each one > 2") is False


def test_boxed_expressions_may_be_nested() -> None:
    inner = f'<some iteratorVariable="v"><in>{literal("row")}</in><satisfies>{literal("v > limit")}</satisfies></some>'
    outer = f'<for iteratorVariable="row"><in>{literal("[[1, 9], [2]]")}</in><return>{inner}</return></for>'

    assert boxed(outer, limit=5) == [True, False]


def test_knowledge_models_are_functions_and_may_require_others() -> None:
    body = (
        knowledge("Double", ("n:number",), literal("n * 2"))
        + knowledge("Twice double", ("n",), literal("Double(Double(n))"), needs=("Double",))
        + decision("Answer", literal("Twice double(3)"), needs=("knowledge:Twice double",))
    )

    assert value(body) == 12


def test_a_knowledge_model_may_call_itself() -> None:
    body = knowledge("Factorial", ("n",), literal("if n <= 1 then 1 else n * Factorial(n - 1)")) + decision(
        "Answer", literal("Factorial(5)"), needs=("knowledge:Factorial",)
    )

    assert value(body) == 120


def test_boxed_invocation_binds_by_name() -> None:
    body = knowledge("Minus", ("a", "b"), literal("a - b")) + decision(
        "Answer",
        f'<invocation>{literal("Minus")}<binding><parameter name="b"/>{literal("1")}</binding>'
        f'<binding><parameter name="a"/>{literal("10")}</binding></invocation>',
        needs=("knowledge:Minus",),
    )

    assert value(body) == 9
    assert value(body.replace('<parameter name="b"/>', '<parameter name="c"/>')) is None


def test_an_argument_of_another_type_stops_the_function() -> None:
    body = knowledge("Known", ("n:number",), literal("n = null")) + decision(
        "Answer", literal('[Known(1), Known("x"), Known(null)]'), needs=("knowledge:Known",)
    )

    assert value(body) == [False, None, True]


@pytest.mark.parametrize("kind", ["Java", "PMML"])
def test_functions_in_other_languages_are_null_with_a_reason(kind: str) -> None:
    context = (
        f'<context><contextEntry><variable name="f"/><functionDefinition kind="{kind}"><formalParameter name="x"/>'
        f"<context/></functionDefinition></contextEntry><contextEntry>{literal('f(1)')}</contextEntry></context>"
    )
    budget = Budget()

    assert DecisionGraph(model(decision("Answer", context))).evaluate("Answer", {}, budget=budget) is None
    assert f"{kind} are never run" in budget.notes[0].reason


def test_boxed_functions_close_over_their_scope() -> None:
    context = (
        f'<context><contextEntry><variable name="add"/><functionDefinition><formalParameter name="n" typeRef="number"/>'
        f"{literal('n + step')}</functionDefinition></contextEntry>"
        f"<contextEntry>{literal('add(1)')}</contextEntry></context>"
    )

    assert boxed(context, step=5) == 6


def test_the_type_written_on_a_function_may_be_that_of_its_answer() -> None:
    body = knowledge("Text", ("n",), literal("n")).replace(
        "<encapsulatedLogic>", '<encapsulatedLogic typeRef="string">'
    )
    body += decision("Answer", literal('[Text("a"), Text(1)]'), needs=("knowledge:Text",))

    assert value(body) == ["a", None]


def test_a_service_takes_data_then_decisions_and_hides_the_rest() -> None:
    body = (
        given("a") + given("b") + decision("Inner", literal("b"), needs=("input:b",))
        + decision("Outer", literal("[a, Inner]"), needs=("input:a", "decision:Inner"))
        + service("Service", outputs=("Outer",), data=("a",), decisions=("Inner",))
        + decision("Answer", literal("Service(1, 2)"), needs=("knowledge:Service",))
    )  # fmt: skip

    assert value(body, a=7, b=8) == [1, 2]
    assert DecisionGraph(model(body)).evaluate_service("Service", {"a": 3, "Inner": 4}) == [3, 4]


def test_a_service_with_several_outputs_answers_with_a_context() -> None:
    body = (
        given("a", "number") + decision("One", literal("a"), needs=("input:a",))
        + decision("Two", literal("a * 2"), needs=("input:a",)) + service("Both", outputs=("One", "Two"), data=("a",))
    )  # fmt: skip
    graph = DecisionGraph(model(body))

    assert graph.evaluate_service("Both", {"a": 2}) == {"One": 2, "Two": 4}
    assert graph.evaluate_service("Both", {"a": "text"}) == {"One": None, "Two": None}


TYPES = (
    '<itemDefinition name="tRole"><typeRef>string</typeRef><allowedValues><text>"HL", "EC"</text></allowedValues>'
    "</itemDefinition>"
    '<itemDefinition name="tRoles" isCollection="true"><typeRef>tRole</typeRef></itemDefinition>'
    '<itemDefinition name="tFew" isCollection="true"><typeRef>number</typeRef>'
    "<typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>"
    '<itemDefinition name="tPerson"><itemComponent name="full name"><typeRef>string</typeRef></itemComponent>'
    '<itemComponent name="roles"><typeRef>tRoles</typeRef></itemComponent></itemDefinition>'
)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("number", "1", 1),
        ("number", '"1"', None),
        ("number", "[1]", 1),
        ("tRole", '"HL"', "HL"),
        ("tRole", '"GD"', None),
        ("tRoles", '"HL"', ["HL"]),
        ("tRoles", '["HL", "GD"]', None),
        ("tFew", "[1, 2]", [1, 2]),
        ("tFew", "[1, 2, 3]", None),
        ("tPerson", '{full name: "x", roles: ["EC"], more: 1}', {"full name": "x", "roles": ["EC"], "more": 1}),
        ("tPerson", '{full name: "x"}', None),
    ],
)
def test_results_conform_to_their_type_or_are_null(kind: str, text: str, expected: Any) -> None:
    assert value(TYPES + decision("Answer", literal(text), kind=kind)) == expected


def test_members_of_declared_types_may_have_spaces() -> None:
    body = TYPES + given("person", "tPerson") + decision("Answer", literal("person.full name"), needs=("input:person",))

    assert value(body, person={"full name": "x", "roles": ["HL"]}) == "x"


def test_declared_types_are_known_to_instance_of() -> None:
    assert value(TYPES + decision("Answer", literal('["HL" instance of tRole, 1 instance of tRole]'))) == [True, False]


IMPORTED = (
    '<itemDefinition name="tRole"><typeRef>string</typeRef><allowedValues><text>"HL"</text></allowedValues>'
    "</itemDefinition>"
    + given("Basic amount", "number") + knowledge("Say twice", ("n:number",), literal("n * 2"))
    + decision("Doubled", literal("Basic amount * 2"), needs=("input:Basic amount",))
)  # fmt: skip


def importing(body: str, *, name: str = "lib", target: str = "urn:main") -> Any:
    return model(f'<import name="{name}" namespace="urn:lib" importType="{NAMESPACE}"/>{body}', target=target)


def test_imported_elements_are_reached_through_the_name_of_the_import() -> None:
    main = importing(
        decision(
            "Answer",
            literal("lib.Say twice(lib.Doubled) + lib.Basic amount"),
            needs=("decision:urn:lib#Doubled", "knowledge:urn:lib#Say twice", "input:urn:lib#Basic amount"),
        )
    )
    graph = DecisionGraph(main, [model(IMPORTED, target="urn:lib")])

    assert graph.evaluate("Answer", {"lib": {"Basic amount": 5}}) == 25


def test_imported_types_restrict_too() -> None:
    main = importing(decision("Answer", literal('"GD"'), kind="lib.tRole"))

    assert DecisionGraph(main, [model(IMPORTED, target="urn:lib")]).evaluate("Answer", {}) is None


def test_an_import_without_a_name_needs_no_prefix() -> None:
    main = importing(decision("Answer", literal("Doubled + 1"), needs=("decision:urn:lib#Doubled",)), name="")

    assert DecisionGraph(main, [model(IMPORTED, target="urn:lib")]).evaluate("Answer", {"Basic amount": 2}) == 5


def test_several_imports_without_a_name_are_all_brought_in() -> None:
    other = model(decision("Three", literal("3")), target="urn:other")
    main = model(
        f'<import name="" namespace="urn:lib" importType="{NAMESPACE}"/>'
        f'<import name="" namespace="urn:other" importType="{NAMESPACE}"/>'
        + decision(
            "Answer", literal("Doubled + Three"), needs=("decision:urn:lib#Doubled", "decision:urn:other#Three")
        ),
        target="urn:main",
    )

    assert DecisionGraph(main, [model(IMPORTED, target="urn:lib"), other]).evaluate("Answer", {"Basic amount": 2}) == 7


def test_the_same_model_imported_twice_keeps_its_inputs_apart() -> None:
    def middle(target: str) -> Any:
        return importing(decision("Twice", literal("lib.Doubled"), needs=("decision:urn:lib#Doubled",)), target=target)

    main = model(
        f'<import name="one" namespace="urn:one" importType="{NAMESPACE}"/>'
        f'<import name="two" namespace="urn:two" importType="{NAMESPACE}"/>'
        + decision(
            "Answer", literal("[one.Twice, two.Twice]"), needs=("decision:urn:one#Twice", "decision:urn:two#Twice")
        ),
        target="urn:main",
    )
    graph = DecisionGraph(main, [middle("urn:one"), middle("urn:two"), model(IMPORTED, target="urn:lib")])

    inputs = {"one": {"lib": {"Basic amount": 1}}, "two": {"lib": {"Basic amount": 10}}}
    assert graph.evaluate("Answer", inputs) == [2, 20]


def test_a_missing_import_is_an_error() -> None:
    with pytest.raises(UnknownElement, match="urn:lib"):
        DecisionGraph(importing(""))


def test_models_that_import_each_other_are_an_error() -> None:
    other = model(f'<import name="main" namespace="urn:main" importType="{NAMESPACE}"/>', target="urn:lib")

    with pytest.raises(UnknownElement, match="itself"):
        DecisionGraph(importing(""), [other])


def test_a_conflict_in_a_table_is_null_with_the_rules_in_the_note() -> None:
    body = given("a") + decision("Answer", table_xml(["a"], [["> 1", "1"], ["> 2", "2"]]), needs=("input:a",))
    budget = Budget()

    assert DecisionGraph(model(body)).evaluate("Answer", {"a": 3}, budget=budget) is None
    assert "`r1`, `r2`" in budget.notes[0].reason


def test_values_given_never_become_expressions() -> None:
    body = given("a") + decision("Answer", literal('a = "x"'), needs=("input:a",))

    assert value(body, a='" or true or "') is False


def test_inputs_may_be_plain_python_values() -> None:
    body = given("a", "number") + decision("Answer", literal("a / 8"), needs=("input:a",))

    assert value(body, a=1) == Decimal("0.125")


def test_a_knowledge_model_can_be_asked_directly() -> None:
    graph = DecisionGraph(model(knowledge("Minus", ("a", "b"), literal("a - b"))))

    assert graph.invoke("Minus", {"b": 1, "a": 3}) == 2
    with pytest.raises(UnknownElement, match="`Plus`"):
        graph.invoke("Plus", {})


@pytest.mark.parametrize("kind", ["Java", "PMML"])
def test_knowledge_models_in_other_languages_are_null_with_a_reason(kind: str) -> None:
    body = knowledge("F", ("a",), "<context/>").replace("<encapsulatedLogic>", f'<encapsulatedLogic kind="{kind}">')
    budget = Budget()

    assert DecisionGraph(model(body)).invoke("F", {"a": 1}, budget=budget) is None
    assert f"logic in {kind}" in budget.notes[0].reason


def test_invoking_what_is_no_function_is_null() -> None:
    assert boxed(f"<invocation>{literal('x')}</invocation>", x=1) is None


def test_expressions_in_other_languages_are_null() -> None:
    script = '<literalExpression expressionLanguage="urn:python"><text>1</text></literalExpression>'

    assert boxed(script) is None
    assert boxed("<literalExpression/>") is None


def test_types_may_be_recursive_unknown_or_misspelt() -> None:
    types = (
        '<itemDefinition name="tTree"><itemComponent name="children" isCollection="true"><typeRef>tTree</typeRef>'
        '</itemComponent></itemDefinition><itemDefinition name="tLost"><typeRef>tNowhere</typeRef></itemDefinition>'
        '<itemDefinition name="tBroken"><typeRef>number</typeRef><allowedValues><text>((</text></allowedValues>'
        "</itemDefinition>"
    )

    assert value(types + decision("Answer", literal("{children: [{children: []}]}"), kind="tTree")) is not None
    assert value(types + decision("Answer", literal("1"), kind="tLost")) == 1
    assert value(types + decision("Answer", literal("1"), kind="tBroken")) is None


def test_priority_may_be_ranked_by_the_allowed_values_of_a_type() -> None:
    table = table_xml(["a"], [["-", '"EC"'], ["-", '"HL"']], policy="PRIORITY").replace(
        '<output name="answer">', '<output name="answer" typeRef="tRole">'
    )

    assert value(TYPES + given("a") + decision("Answer", table, needs=("input:a",)), a=1) == "HL"


def test_names_in_boxed_logic_may_have_spaces() -> None:
    relation = f'<relation><column name="full name"/><row>{literal("1")}</row></relation>'
    body = decision("Rows", relation) + decision("Answer", literal("Rows[1].full name"), needs=("decision:Rows",))

    assert value(body) == 1


def test_a_model_imported_for_its_data_types_alone_is_not_needed() -> None:
    schema = '<import name="x" namespace="urn:x" importType="http://www.w3.org/2001/XMLSchema"/>'

    assert value(schema + decision("Answer", literal("1"))) == 1


def test_a_reference_into_a_model_that_is_not_imported_is_an_error() -> None:
    with pytest.raises(UnknownElement, match="urn:elsewhere#x"):
        value(decision("Answer", literal("1"), needs=("decision:urn:elsewhere#x",)))


@pytest.mark.parametrize("kind", ["list<", "range<number>x"])
def test_a_type_that_cannot_be_read_restricts_nothing(kind: str) -> None:
    written = kind.replace("<", "&lt;")
    items = f'<itemDefinition name="tOdd"><typeRef>{written}</typeRef></itemDefinition>'

    assert value(items + decision("Answer", literal("1", written), kind="tOdd")) == 1
    assert value(knowledge("F", (f"a:{written}",), literal("a")) + decision(
        "Answer", literal("F(2)"), needs=("knowledge:F",), kind=written)) == 2  # fmt: skip


def test_a_knowledge_model_whose_logic_is_no_function_is_null() -> None:
    body = knowledge("F", ("a",), literal("a")).replace("encapsulatedLogic", "extraLogic")

    assert value(body + decision("Answer", literal("F(1)"), needs=("knowledge:F",))) is None


def test_a_table_that_cannot_be_compiled_is_null_with_a_reason() -> None:
    budget = Budget()
    broken = table_xml(["a"], [["((", "1"]])
    graph = DecisionGraph(model(given("a") + decision("Answer", broken, needs=("input:a",))))

    assert graph.evaluate("Answer", {"a": 1}, budget=budget) is None
    assert "((" in budget.notes[0].reason


def test_allowed_values_are_found_through_the_types_that_a_type_is_built_on() -> None:
    types = (
        '<itemDefinition name="tBase"><typeRef>string</typeRef><allowedValues><text>"HL", "EC"</text></allowedValues>'
        '</itemDefinition><itemDefinition name="tRole"><typeRef>tBase</typeRef></itemDefinition>'
    )
    table = table_xml(["a"], [["-", '"EC"'], ["-", '"HL"']], policy="PRIORITY").replace(
        '<output name="answer">', '<output name="answer" typeRef="tRole">'
    )

    assert value(types + given("a") + decision("Answer", table, needs=("input:a",)), a=1) == "HL"


def test_a_type_may_be_narrowed_twice() -> None:
    types = (
        '<itemDefinition name="tSmall"><typeRef>number</typeRef><allowedValues><text>&lt; 10</text></allowedValues>'
        '</itemDefinition><itemDefinition name="tTiny"><typeRef>tSmall</typeRef><allowedValues><text>&lt; 5</text>'
        "</allowedValues></itemDefinition>"
    )

    assert [value(types + decision("Answer", literal(text), kind="tTiny")) for text in ("4", "7")] == [4, None]
