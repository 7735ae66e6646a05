from __future__ import annotations

import pytest

from delegation.dmn import reader
from delegation.dmn.errors import ModelInvalid, ModelRefused, UnknownElement
from delegation.dmn.model import FilterLogic, FunctionKind, HitPolicy, ListLogic, QuantifiedLogic, Text
from tests.delegation.dmn.models import NAMESPACE, definitions, model

_ENTITY = b'<!DOCTYPE d [<!ENTITY %s]><definitions xmlns="%%s">&e;</definitions>'
HOSTILE = {
    "a document type": b'<!DOCTYPE d><definitions xmlns="%s"/>',
    "an external entity": _ENTITY % b'e SYSTEM "file:///etc/hostname"',
    "a parameter entity": b'<!DOCTYPE d [<!ENTITY %% p SYSTEM "http://127.0.0.1/x">%%p;]><definitions xmlns="%s"/>',
    "an external subset": b'<!DOCTYPE d SYSTEM "http://127.0.0.1/x.dtd"><definitions xmlns="%s"/>',
    "nested entities": _ENTITY % b'a "lol"><!ENTITY e "&a;&a;&a;"',
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_file_with_a_document_type_is_refused(hostile: bytes) -> None:
    with pytest.raises(ModelRefused, match="document type"):
        reader.read(hostile % NAMESPACE.encode())


def test_a_document_type_hidden_by_another_encoding_is_refused() -> None:
    text = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d><definitions xmlns="{NAMESPACE}"/>'

    with pytest.raises(ModelRefused, match="UTF-8"):
        reader.read(text.encode("utf-16"))


@pytest.mark.parametrize("encoding", ["UTF-7", "IBM037", "ISO-8859-1"])
def test_an_encoding_that_could_hide_markup_is_refused(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><definitions xmlns="{NAMESPACE}"/>'

    with pytest.raises(ModelRefused):
        reader.read(text.encode())


def test_a_document_type_written_in_seven_bits_is_refused() -> None:
    hidden = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE d><definitions/>'

    assert b"<!DOCTYPE" not in hidden
    with pytest.raises(ModelRefused, match="document type"):
        reader.read(hidden)


def test_an_undeclared_entity_is_refused() -> None:
    with pytest.raises(ModelRefused, match="well-formed"):
        reader.read(definitions("<description>&secret;</description>"))


def test_a_file_of_ten_megabytes_is_refused_unread() -> None:
    with pytest.raises(ModelRefused, match="larger"):
        reader.read(definitions("<!-- " + "x" * 10_000_000 + " -->"))


@pytest.mark.parametrize("depth", [150, 50_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    with pytest.raises(ModelRefused):
        reader.read(definitions("<list>" * depth + "</list>" * depth))


def test_the_root_must_be_dmn() -> None:
    with pytest.raises(ModelInvalid):
        reader.read(b"<definitions/>")


@pytest.mark.parametrize("namespace", sorted(reader.NAMESPACES))
def test_every_version_of_the_standard_is_read(namespace: str) -> None:
    read = model(
        '<inputData id="i" name="Amount"><variable name="Amount" typeRef="number"/></inputData>', namespace=namespace
    )

    assert read.inputs[0].variable.type_ref == "number"


def test_lines_are_kept() -> None:
    read = model('\n<decision id="a" name="A">\n<literalExpression>\n<text>1</text></literalExpression></decision>')

    assert read.decision("A").line == 3
    assert read.decision("A").logic == Text(text="1", line=4)


def test_an_unknown_hit_policy_is_an_error_with_its_line() -> None:
    with pytest.raises(ModelInvalid, match="line 3: `BANAN` is no hit policy"):
        model('\n<decision name="A"><decisionTable hitPolicy="BANAN"><output/></decisionTable></decision>')


def test_a_rule_with_a_missing_cell_is_an_error() -> None:
    with pytest.raises(ModelInvalid, match="0 input and 1 output"):
        model(
            '<decision name="A"><decisionTable><input><inputExpression><text>a</text></inputExpression></input>'
            '<output/><rule id="r"><outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>'
        )


def test_item_definitions_are_read_with_their_restrictions() -> None:
    read = model(
        '<itemDefinition name="tGrades" isCollection="true"><typeRef>string</typeRef>'
        '<allowedValues><text>"A", "B"</text></allowedValues>'
        "<typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>"
        '<itemDefinition name="tTest"><functionItem outputTypeRef="boolean"><parameters name="n" typeRef="number"/>'
        "</functionItem></itemDefinition>"
    )

    grades, test = read.items
    assert grades.is_collection
    assert grades.allowed_values is not None
    assert grades.allowed_values.text == '"A", "B"'
    assert grades.type_constraint is not None
    assert test.parameters is not None
    assert test.result_type_ref == "boolean"


def test_prefixed_types_are_named_by_their_import() -> None:
    read = reader.read(
        f'<definitions xmlns="{NAMESPACE}" namespace="urn:a" name="a" xmlns:b="urn:b"'
        ' xmlns:f="https://www.omg.org/spec/DMN/20191111/FEEL/">'
        f'<import name="other" namespace="urn:b" importType="{NAMESPACE}"/>'
        '<inputData name="x"><variable name="x" typeRef="b:tPerson"/></inputData>'
        '<inputData name="y"><variable name="y" typeRef="f:number"/></inputData></definitions>'.encode()
    )

    assert [entry.variable.type_ref for entry in read.inputs] == ["other.tPerson", "number"]


def test_a_reference_to_the_own_namespace_is_local() -> None:
    read = model(
        '<decision name="A" id="a"><informationRequirement><requiredDecision href="urn:test:model#b"/>'
        '</informationRequirement><informationRequirement><requiredInput href="urn:other#c"/></informationRequirement>'
        "</decision>"
    )

    assert read.decision("A").required_decisions[0].namespace is None
    assert read.decision("A").required_inputs[0].namespace == "urn:other"


def test_every_boxed_expression_is_read() -> None:
    literal = "<literalExpression><text>1</text></literalExpression>"
    read = model(
        '<decision name="A"><context>'
        f'<contextEntry><variable name="list"/><list>{literal}{literal}</list></contextEntry>'
        f'<contextEntry><variable name="filter"/><filter><in>{literal}</in><match>{literal}</match></filter>'
        '</contextEntry><contextEntry><variable name="some"/>'
        f'<some iteratorVariable="i"><in>{literal}</in><satisfies>{literal}</satisfies></some></contextEntry>'
        f'<contextEntry><functionDefinition kind="Java">{literal}</functionDefinition></contextEntry>'
        "</context></decision>"
    )

    logic = read.decision("A").logic
    kinds = [type(entry.value) for entry in logic.entries]  # type: ignore[union-attr]
    assert kinds[:3] == [ListLogic, FilterLogic, QuantifiedLogic]
    assert logic.entries[3].variable is None  # type: ignore[union-attr]
    assert logic.entries[3].value.kind is FunctionKind.JAVA  # type: ignore[union-attr]


def test_hit_policy_defaults_to_unique() -> None:
    read = model('<decision name="A"><decisionTable><output/></decisionTable></decision>')

    assert read.decision("A").table.hit_policy is HitPolicy.UNIQUE


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<decision id="d"><literalExpression><text>1</text></literalExpression></decision>', "has no name"),
        ('<decision id="d" name="D"><decisionTable><input/></decisionTable></decision>', "no expression"),
        ('<decision id="d" name="D"><invocation><binding/></invocation></decision>', "no parameter"),
        (
            '<decision id="d" name="D"><relation><column name="a"/>'
            "<row><literalExpression><text>1</text></literalExpression>"
            "<literalExpression><text>2</text></literalExpression></row></relation></decision>",
            "different length",
        ),
    ],
)
def test_what_is_no_model_is_refused_with_its_line(body: str, reason: str) -> None:
    with pytest.raises(ModelInvalid, match=reason) as caught:
        model(body)

    assert caught.value.line is not None


def test_a_type_may_be_written_with_the_prefix_of_its_namespace() -> None:
    feel = "https://www.omg.org/spec/DMN/20191111/FEEL/"
    read = model(
        f'<inputData id="a" name="A"><variable xmlns:feel="{feel}" name="A" typeRef="feel:number"/></inputData>'
        '<inputData id="b" name="B"><variable name="B" typeRef="nobody:string"/></inputData>'
        '<inputData id="c" name="C"><variable name="C" typeRef=" "/></inputData>'
    )

    assert [each.variable.type_ref for each in read.inputs] == ["number", "nobody:string", None]


def test_what_a_model_does_not_have_is_asked_for_by_name() -> None:
    read = model('<decision id="d" name="D"><literalExpression><text>1</text></literalExpression></decision>')

    with pytest.raises(UnknownElement, match="no decision `X`"):
        read.decision("X")
    with pytest.raises(UnknownElement, match="no decision service `X`"):
        read.service("X")
    with pytest.raises(UnknownElement, match="`D` has no decision table"):
        _ = read.decision("D").table
