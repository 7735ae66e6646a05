"""Read a DMN file without trusting it: no DOCTYPE, no entities, no network, bounded size and depth.

Versions 1.1 to 1.5 differ only in namespace for what is read here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from lxml import etree

from delegation.dmn.errors import ModelInvalid, ModelRefused
from delegation.dmn.model import (
    Aggregation,
    Binding,
    ConditionalLogic,
    ContextEntry,
    ContextLogic,
    Decision,
    DecisionService,
    FilterLogic,
    ForLogic,
    FunctionKind,
    FunctionLogic,
    HitPolicy,
    Import,
    InformationItem,
    InputClause,
    InputData,
    InvocationLogic,
    ItemDefinition,
    KnowledgeModel,
    ListLogic,
    Logic,
    Model,
    OutputClause,
    QuantifiedLogic,
    Quantifier,
    Reference,
    RelationLogic,
    RuleRow,
    TableLogic,
    Text,
)

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_DEPTH: Final = 100
#: The model namespaces of DMN 1.1 to 1.5.
NAMESPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)
FEEL_NAMESPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    }
)
#: The byte scan below is only proof in encodings where ASCII characters are themselves.
_ENCODINGS: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})

_Choice = TypeVar("_Choice")


def parse_xml(data: bytes, *, max_bytes: int = MAX_BYTES) -> etree._Element:
    """Parse hostile bytes to an element tree; raises ``ModelRefused``."""
    if len(data) > max_bytes:
        raise ModelRefused(f"the file is larger than {max_bytes} bytes")
    if b"\x00" in data or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ModelRefused("the file is not UTF-8 text. Save it as UTF-8")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ModelRefused("the file has a document type declaration, which is never read. Remove it")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ModelRefused(f"the file is not well-formed XML: {error.msg}", line=error.lineno) from error
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise ModelRefused("the file has a document type declaration, which is never read. Remove it")
    if (info.encoding or "utf-8").lower() not in _ENCODINGS:
        raise ModelRefused(f"the file is encoded as {info.encoding}. Save it as UTF-8")
    _refuse_depth(root)
    return root


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An XML element without its namespace, for files that are not decision models."""

    name: str
    attributes: Mapping[str, str]
    text: str
    children: tuple[Node, ...]

    def all(self, name: str) -> Iterator[Node]:
        """Go through the children with a name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Node | None:
        """Return the first child with a name."""
        return next(self.all(name), None)


def read_tree(data: bytes, *, max_bytes: int = MAX_BYTES) -> Node:
    """Read any XML file with the same suspicion as a model; raises ``ModelRefused``."""
    return _node(parse_xml(data, max_bytes=max_bytes))


def _node(element: etree._Element) -> Node:
    return Node(
        name=etree.QName(element).localname,
        attributes={etree.QName(key).localname: str(value) for key, value in element.attrib.items()},
        text=element.text or "",
        children=tuple(map(_node, element.iterchildren())),
    )


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> Model:
    """Read one DMN file; raises ``ModelRefused`` for a hostile file and ``ModelInvalid`` for a broken model."""
    root = parse_xml(data, max_bytes=max_bytes)
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        raise ModelInvalid("the root element is not `definitions` of DMN 1.1 to 1.5", line=_line(root))
    return _Reading(root, name.namespace).model()


def _refuse_depth(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise ModelRefused(f"elements are nested deeper than {MAX_DEPTH} levels")


def _line(element: etree._Element) -> int | None:
    line = element.sourceline
    return line if isinstance(line, int) else None


class _Reading:
    """One pass over one file; holds what every element needs to know about the whole."""

    def __init__(self, root: etree._Element, namespace: str) -> None:
        self._root = root
        self._prefix = f"{{{namespace}}}"
        self._target = root.get("namespace") or ""
        self._imports = tuple(self._import(element) for element in self._children(root, "import"))
        self._import_names = {entry.namespace: entry.name for entry in reversed(self._imports)}

    def model(self) -> Model:
        root = self._root
        return Model(
            id=root.get("id"),
            name=root.get("name") or "",
            namespace=self._target,
            imports=self._imports,
            items=tuple(self._item(element) for element in self._children(root, "itemDefinition")),
            inputs=tuple(self._input_data(element) for element in self._children(root, "inputData")),
            decisions=tuple(self._decision(element) for element in self._children(root, "decision")),
            knowledge_models=tuple(
                self._knowledge_model(element) for element in self._children(root, "businessKnowledgeModel")
            ),
            services=tuple(self._service(element) for element in self._children(root, "decisionService")),
            language=_language(root),
        )

    # --- finding -----------------------------------------------------------------------------------------

    def _children(self, parent: etree._Element, name: str) -> Iterator[etree._Element]:
        return parent.iterchildren(self._prefix + name)

    def _child(self, parent: etree._Element, name: str) -> etree._Element | None:
        return parent.find(self._prefix + name)

    def _child_text(self, parent: etree._Element, name: str) -> str | None:
        child = self._child(parent, name)
        return None if child is None else _text(child)

    def _name(self, element: etree._Element) -> str:
        name = element.get("name")
        if not name or not name.strip():
            raise ModelInvalid(f"`{etree.QName(element).localname}` has no name", line=_line(element))
        return " ".join(name.split())

    def _type_ref(self, element: etree._Element, written: str | None) -> str | None:
        """Turn a qualified name into the form ``import.Type``, or the plain name of an own or FEEL type."""
        if written is None or not written.strip():
            return None
        written = written.strip()
        prefix, colon, local = written.partition(":")
        namespace = element.nsmap.get(prefix) if colon else None
        if namespace is None:
            return written
        if namespace in FEEL_NAMESPACES or namespace == self._target or namespace not in self._import_names:
            return local
        imported = self._import_names[namespace]
        return f"{imported}.{local}" if imported else local

    def _reference(self, element: etree._Element) -> Reference:
        href = element.get("href") or ""
        namespace, hash_sign, identity = href.rpartition("#")
        if not hash_sign:
            namespace, identity = "", href
        return Reference(
            id=identity,
            namespace=None if namespace in ("", self._target) else namespace,
            line=_line(element),
        )

    def _references(self, parent: etree._Element, outer: str, inner: str) -> tuple[Reference, ...]:
        return tuple(
            self._reference(element)
            for requirement in self._children(parent, outer)
            for element in self._children(requirement, inner)
        )

    # --- declarations ------------------------------------------------------------------------------------

    def _import(self, element: etree._Element) -> Import:
        return Import(
            name=" ".join((element.get("name") or "").split()),
            namespace=element.get("namespace") or "",
            import_type=element.get("importType") or "",
            location=element.get("locationURI"),
            line=_line(element),
        )

    def _item(self, element: etree._Element) -> ItemDefinition:
        function = self._child(element, "functionItem")
        parameters = None
        result_type = None
        if function is not None:
            parameters = tuple(self._information(entry) for entry in self._children(function, "parameters"))
            result_type = self._type_ref(function, function.get("outputTypeRef"))
        return ItemDefinition(
            name=self._name(element),
            type_ref=self._type_ref(element, self._child_text(element, "typeRef")),
            is_collection=(element.get("isCollection") or "").strip() in ("true", "1"),
            allowed_values=self._tests(self._child(element, "allowedValues")),
            type_constraint=self._tests(self._child(element, "typeConstraint")),
            components=tuple(self._item(entry) for entry in self._children(element, "itemComponent")),
            parameters=parameters,
            result_type_ref=result_type,
            line=_line(element),
        )

    def _information(self, element: etree._Element) -> InformationItem:
        return InformationItem(
            name=self._name(element),
            type_ref=self._type_ref(element, element.get("typeRef")),
            line=_line(element),
        )

    def _variable(self, element: etree._Element) -> InformationItem:
        variable = self._child(element, "variable")
        if variable is None or not variable.get("name"):
            type_ref = None if variable is None else self._type_ref(variable, variable.get("typeRef"))
            return InformationItem(name=self._name(element), type_ref=type_ref, line=_line(element))
        return self._information(variable)

    def _input_data(self, element: etree._Element) -> InputData:
        return InputData(
            id=element.get("id"), name=self._name(element), variable=self._variable(element), line=_line(element)
        )

    def _decision(self, element: etree._Element) -> Decision:
        return Decision(
            id=element.get("id"),
            name=self._name(element),
            variable=self._variable(element),
            required_inputs=self._references(element, "informationRequirement", "requiredInput"),
            required_decisions=self._references(element, "informationRequirement", "requiredDecision"),
            required_knowledge=self._references(element, "knowledgeRequirement", "requiredKnowledge"),
            logic=self._logic_in(element),
            question=self._child_text(element, "question"),
            allowed_answers=self._child_text(element, "allowedAnswers"),
            description=self._child_text(element, "description"),
            line=_line(element),
        )

    def _knowledge_model(self, element: etree._Element) -> KnowledgeModel:
        function = self._child(element, "encapsulatedLogic")
        return KnowledgeModel(
            id=element.get("id"),
            name=self._name(element),
            variable=self._variable(element),
            function=None if function is None else self._function(function),
            required_knowledge=self._references(element, "knowledgeRequirement", "requiredKnowledge"),
            line=_line(element),
        )

    def _service(self, element: etree._Element) -> DecisionService:
        return DecisionService(
            id=element.get("id"),
            name=self._name(element),
            variable=self._variable(element),
            output_decisions=tuple(map(self._reference, self._children(element, "outputDecision"))),
            encapsulated_decisions=tuple(map(self._reference, self._children(element, "encapsulatedDecision"))),
            input_decisions=tuple(map(self._reference, self._children(element, "inputDecision"))),
            input_data=tuple(map(self._reference, self._children(element, "inputData"))),
            line=_line(element),
        )

    # --- boxed expressions -------------------------------------------------------------------------------

    def _logic_in(self, parent: etree._Element | None) -> Logic | None:
        """Read the one boxed expression directly inside an element."""
        return next(iter(self._logics_in(parent)), None)

    def _logics_in(self, parent: etree._Element | None) -> list[Logic]:
        if parent is None:
            return []
        found: list[Logic] = []
        for element in parent.iterchildren(self._prefix + "*"):
            read_logic = _KINDS.get(etree.QName(element).localname)
            if read_logic is not None:
                found.append(read_logic(self, element))
        return found

    def _part(self, parent: etree._Element, name: str) -> Logic | None:
        return self._logic_in(self._child(parent, name))

    def _tests(self, element: etree._Element | None) -> Text | None:
        return None if element is None else self._literal(element)

    def _literal(self, element: etree._Element) -> Text:
        return Text(
            text=self._child_text(element, "text") or "",
            id=element.get("id"),
            type_ref=self._type_ref(element, element.get("typeRef")),
            language=_language(element),
            line=_line(element),
        )

    def _table(self, element: etree._Element) -> TableLogic:
        aggregation = element.get("aggregation")
        table = TableLogic(
            id=element.get("id"),
            hit_policy=_choice(HitPolicy, element.get("hitPolicy") or "UNIQUE", "hit policy", element),
            aggregation=_choice(Aggregation, aggregation, "aggregation", element) if aggregation else None,
            inputs=tuple(self._input_clause(entry) for entry in self._children(element, "input")),
            outputs=tuple(self._output_clause(entry) for entry in self._children(element, "output")),
            annotations=tuple(entry.get("name") or "" for entry in self._children(element, "annotation")),
            rules=tuple(self._rule(entry, at) for at, entry in enumerate(self._children(element, "rule"), 1)),
            output_label=element.get("outputLabel"),
            type_ref=self._type_ref(element, element.get("typeRef")),
            line=_line(element),
        )
        for rule in table.rules:
            if len(rule.inputs) != len(table.inputs) or len(rule.outputs) != len(table.outputs):
                raise ModelInvalid(
                    f"rule `{rule.id}` has {len(rule.inputs)} input and {len(rule.outputs)} output cells, but the "
                    f"table has {len(table.inputs)} and {len(table.outputs)} columns",
                    line=rule.line,
                )
        return table

    def _input_clause(self, element: etree._Element) -> InputClause:
        expression = self._child(element, "inputExpression")
        if expression is None:
            raise ModelInvalid("an input column has no expression", line=_line(element))
        return InputClause(
            id=element.get("id"),
            label=element.get("label"),
            expression=self._literal(expression),
            values=self._tests(self._child(element, "inputValues")),
        )

    def _output_clause(self, element: etree._Element) -> OutputClause:
        return OutputClause(
            id=element.get("id"),
            name=element.get("name"),
            label=element.get("label"),
            type_ref=self._type_ref(element, element.get("typeRef")),
            values=self._tests(self._child(element, "outputValues")),
            default=self._tests(self._child(element, "defaultOutputEntry")),
        )

    def _rule(self, element: etree._Element, position: int) -> RuleRow:
        return RuleRow(
            id=element.get("id") or f"rule {position}",
            inputs=tuple(self._literal(entry) for entry in self._children(element, "inputEntry")),
            outputs=tuple(self._literal(entry) for entry in self._children(element, "outputEntry")),
            annotations=tuple(
                self._child_text(entry, "text") or "" for entry in self._children(element, "annotationEntry")
            ),
            description=self._child_text(element, "description"),
            line=_line(element),
        )

    def _context(self, element: etree._Element) -> ContextLogic:
        entries = []
        for entry in self._children(element, "contextEntry"):
            variable = self._child(entry, "variable")
            entries.append(
                ContextEntry(
                    variable=None if variable is None else self._information(variable), value=self._logic_in(entry)
                )
            )
        return ContextLogic(entries=tuple(entries), type_ref=self._own_type(element), line=_line(element))

    def _invocation(self, element: etree._Element) -> InvocationLogic:
        bindings = []
        for entry in self._children(element, "binding"):
            parameter = self._child(entry, "parameter")
            if parameter is None:
                raise ModelInvalid("a binding has no parameter", line=_line(entry))
            bindings.append(Binding(parameter=self._information(parameter), value=self._logic_in(entry)))
        return InvocationLogic(
            function=self._logic_in(element),
            bindings=tuple(bindings),
            type_ref=self._own_type(element),
            line=_line(element),
        )

    def _function(self, element: etree._Element) -> FunctionLogic:
        return FunctionLogic(
            kind=_choice(FunctionKind, element.get("kind") or "FEEL", "function kind", element),
            parameters=tuple(self._information(entry) for entry in self._children(element, "formalParameter")),
            body=self._logic_in(element),
            type_ref=self._own_type(element),
            line=_line(element),
        )

    def _relation(self, element: etree._Element) -> RelationLogic:
        relation = RelationLogic(
            columns=tuple(self._information(entry) for entry in self._children(element, "column")),
            rows=tuple(tuple(self._logics_in(entry)) for entry in self._children(element, "row")),
            type_ref=self._own_type(element),
            line=_line(element),
        )
        if any(len(row) != len(relation.columns) for row in relation.rows):
            raise ModelInvalid("a relation has rows and columns of different length", line=relation.line)
        return relation

    def _list(self, element: etree._Element) -> ListLogic:
        return ListLogic(items=tuple(self._logics_in(element)), type_ref=self._own_type(element), line=_line(element))

    def _conditional(self, element: etree._Element) -> ConditionalLogic:
        return ConditionalLogic(
            condition=self._part(element, "if"),
            then=self._part(element, "then"),
            otherwise=self._part(element, "else"),
            type_ref=self._own_type(element),
            line=_line(element),
        )

    def _filter(self, element: etree._Element) -> FilterLogic:
        return FilterLogic(
            source=self._part(element, "in"),
            match=self._part(element, "match"),
            type_ref=self._own_type(element),
            line=_line(element),
        )

    def _source_type(self, element: etree._Element) -> str | None:
        source = self._child(element, "in")
        return None if source is None else self._own_type(source)

    def _for(self, element: etree._Element) -> ForLogic:
        return ForLogic(
            variable=element.get("iteratorVariable") or "",
            source=self._part(element, "in"),
            source_type=self._source_type(element),
            result=self._part(element, "return"),
            type_ref=self._own_type(element),
            line=_line(element),
        )

    def _quantified(self, element: etree._Element) -> QuantifiedLogic:
        return QuantifiedLogic(
            quantifier=Quantifier(etree.QName(element).localname),
            variable=element.get("iteratorVariable") or "",
            source=self._part(element, "in"),
            source_type=self._source_type(element),
            satisfies=self._part(element, "satisfies"),
            type_ref=self._own_type(element),
            line=_line(element),
        )

    def _own_type(self, element: etree._Element) -> str | None:
        return self._type_ref(element, element.get("typeRef"))


_KINDS: Final[dict[str, Callable[[_Reading, etree._Element], Logic]]] = {
    "literalExpression": _Reading._literal,
    "decisionTable": _Reading._table,
    "context": _Reading._context,
    "invocation": _Reading._invocation,
    "functionDefinition": _Reading._function,
    "relation": _Reading._relation,
    "list": _Reading._list,
    "conditional": _Reading._conditional,
    "filter": _Reading._filter,
    "for": _Reading._for,
    "some": _Reading._quantified,
    "every": _Reading._quantified,
}


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _language(element: etree._Element) -> str | None:
    """Name an expression language other than FEEL."""
    language = element.get("expressionLanguage")
    return None if not language or "feel" in language.lower() else language


def _choice(kind: Callable[[str], _Choice], written: str, what: str, element: etree._Element) -> _Choice:
    try:
        return kind(written)
    except ValueError:
        raise ModelInvalid(f"`{written}` is no {what} of the standard", line=_line(element)) from None
