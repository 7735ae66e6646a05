"""The one door for BPMN files: bytes in, a checked document or findings out, whatever the bytes are.

No DOCTYPE, no entity, no network, no huge tree, UTF-8 only; then the BPMN 2.0 schema that ships with SpiffWorkflow
together with our own for the extension elements. SpiffWorkflow never sees an uploaded file: it is given a canonical
copy of a checked one, so that nothing it would evaluate (scripts, data, Python) can be in it.
"""

from __future__ import annotations

import copy
import functools
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import SpiffWorkflow.bpmn.parser
from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser, ValidationException

from workflow_app.engine.document import BEREDD, BPMN, BPMNDI, XSI, Document, Element
from workflow_app.engine.findings import Finding

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 40
MAX_ELEMENTS = 20_000

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
#: Encodings that are read, by the name they are declared with. Some editors still write the second.
_ENCODINGS = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("iso-8859-1", "latin-1", "latin1"), "iso-8859-1"),
}
#: Controls that change the reading direction: a name must read as it is stored.
_DECEPTIVE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A file as read: the document when there are no findings."""

    document: Document | None
    findings: tuple[Finding, ...]
    #: lxml's tree of the same file, for ``specs``.
    tree: Any = None


def parse(data: bytes, *, file: str) -> Parsed:
    """Read one BPMN file. Never raises: whatever is wrong with the bytes is a finding."""
    refused = _refuse_bytes(data)
    if refused is not None:
        return _refused(file, *refused)
    data = data.removeprefix(_BYTE_ORDER_MARK).decode(_encoding(data)).encode("utf-8")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=False,
        encoding="utf-8",
    )
    try:
        root: Any = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return _refused(file, "NOT_XML", f"Filen är inte välformad XML: {error.msg}.", error.lineno or 0)
    except ValueError:
        return _refused(file, "NOT_XML", "Filen är inte välformad XML.", 0)
    refused = _refuse_tree(root)
    if refused is not None:
        return _refused(file, *refused)
    schema: Any = _schema()
    if not schema.validate(root):
        findings = tuple(_schema_finding(error, root, file) for error in itertools.islice(schema.error_log, 50))
        return Parsed(document=None, findings=findings)
    return Parsed(document=Document(file=file, root=_element(root)), findings=(), tree=root)


def _refused(file: str, code: str, text: str, line: int) -> Parsed:
    return Parsed(document=None, findings=(Finding(code=code, text=text, line=line, file=file),))


def _refuse_bytes(data: bytes) -> tuple[str, str, int] | None:
    if len(data) > MAX_BYTES:
        return "FILE_TOO_LARGE", f"Filen är större än {MAX_BYTES // 1024 // 1024} MB.", 0
    if not data.strip():
        return "NOT_XML", "Filen är tom.", 0
    encoding = _encoding(data)
    if encoding not in _ENCODINGS.values():
        return "WRONG_ENCODING", "Filen ska vara kodad i UTF-8.", 1
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        return "WRONG_ENCODING", "Filen ska vara kodad i UTF-8.", data.count(b"\n", 0, error.start) + 1
    if "\x00" in text:
        return "FORBIDDEN_CHARACTER", "Filen innehåller ett NUL-tecken.", text.count("\n", 0, text.index("\x00")) + 1
    found = re.search(r"<!\s*(DOCTYPE|ENTITY|ELEMENT|ATTLIST)", text, re.IGNORECASE)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        return "DOCTYPE", "Filen innehåller en dokumenttyp (DOCTYPE); det är inte tillåtet.", line
    return None


def _encoding(data: bytes) -> str:
    """Give the encoding a file declares; UTF-8 when it declares none."""
    declared = _DECLARED.match(data.removeprefix(_BYTE_ORDER_MARK))
    name = declared.group(1).decode("ascii", "replace").lower() if declared else "utf-8"
    return _ENCODINGS.get(name, name)


def _refuse_tree(root: Any) -> tuple[str, str, int] | None:
    if root.getroottree().docinfo.doctype:
        return "DOCTYPE", "Filen innehåller en dokumenttyp (DOCTYPE); det är inte tillåtet.", 1
    if root.getprevious() is not None or root.getnext() is not None:
        return "PROCESSING_INSTRUCTION", "Filen innehåller en behandlingsinstruktion; det är inte tillåtet.", 1
    if root.tag != f"{{{BPMN}}}definitions":
        return "NOT_BPMN", "Filen är inte BPMN 2.0: rotelementet ska vara bpmn:definitions.", root.sourceline or 0
    count, level = 0, [(root, 1)]
    while level:
        node, depth = level.pop()
        count += 1
        line = node.sourceline or 0
        if not isinstance(node.tag, str):
            return "PROCESSING_INSTRUCTION", "Filen innehåller en behandlingsinstruktion eller entitet.", line
        if depth > MAX_DEPTH:
            return "TOO_DEEP", f"Elementen är nästlade i fler än {MAX_DEPTH} nivåer.", line
        if count > MAX_ELEMENTS:
            return "TOO_MANY_ELEMENTS", f"Filen har fler än {MAX_ELEMENTS} element.", line
        if _DECEPTIVE.search(" ".join((node.text or "", *node.attrib.values()))):
            return "FORBIDDEN_CHARACTER", "Texten innehåller osynliga tecken som styr läsriktningen.", line
        level.extend((child, depth + 1) for child in node)
    return None


@functools.cache
def _schema() -> Any:
    shipped = Path(SpiffWorkflow.bpmn.parser.__file__).parent / "schema" / "BPMN20.xsd"
    own = Path(__file__).parent / "schema" / "beredd.xsd"
    both = f"""<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
      <xsd:import namespace="{BPMN}" schemaLocation="{shipped.as_uri()}"/>
      <xsd:import namespace="{BEREDD}" schemaLocation="{own.as_uri()}"/>
    </xsd:schema>"""
    return etree.XMLSchema(etree.fromstring(both))


def _schema_finding(error: Any, root: Any, file: str) -> Finding:
    """Say what the schema refuses, at the nearest element with an id at or above the line."""
    nearest = ""
    for node in root.iter():
        if (node.sourceline or 0) > error.line:
            break
        nearest = node.get("id") or nearest
    message = error.message
    for namespace, prefix in ((BPMN, "bpmn:"), (BEREDD, "beredd:"), (BPMNDI, "bpmndi:"), (XSI, "xsi:")):
        message = message.replace(f"{{{namespace}}}", prefix)
    text = f"Elementet följer inte schemat för BPMN 2.0 med Beredds tillägg: {message}"
    return Finding(code="SCHEMA", text=text, element=nearest, line=error.line, file=file)


def _element(node: Any) -> Element:
    name = etree.QName(node)
    return Element(
        namespace=name.namespace or "",
        tag=name.localname,
        attributes={str(key): str(value) for key, value in node.attrib.items()},
        text=(node.text or "").strip(),
        line=node.sourceline or 0,
        children=tuple(_element(child) for child in node),
    )


# -- what SpiffWorkflow is given ----------------------------------------------------------------------------------

#: Elements that say nothing about the order of events.
_SILENT = (
    "extensionElements", "documentation", "laneSet", "dataObject", "dataObjectReference", "dataInputAssociation",
    "dataOutputAssociation", "property", "ioSpecification", "textAnnotation", "association", "group",
)  # fmt: skip
#: Tasks that the net waits at are user tasks to SpiffWorkflow: it must neither run nor send anything.
_WAITS = ("serviceTask", "businessRuleTask", "sendTask", "receiveTask")


def canonical(tree: Any) -> Any:
    """Copy a checked tree with nothing in it but the flow of control, as SpiffWorkflow is to read it."""
    root = copy.deepcopy(tree)
    for node in [*root.iter(*(f"{{{BPMN}}}{tag}" for tag in _SILENT)), *root.iter(f"{{{BPMNDI}}}BPMNDiagram")]:
        if node.tag == f"{{{BPMN}}}extensionElements":
            _keep_collection(node)
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
    for tag in _WAITS:
        for node in root.iter(f"{{{BPMN}}}{tag}"):
            node.tag = f"{{{BPMN}}}userTask"
    for tag in ("intermediateThrowEvent", "endEvent"):
        for node in root.iter(f"{{{BPMN}}}{tag}"):
            message = node.find(f"{{{BPMN}}}messageEventDefinition")
            if message is not None and tag == "intermediateThrowEvent":
                node.tag = f"{{{BPMN}}}userTask"
            if message is not None:
                node.remove(message)
    return root


def _keep_collection(extensions: Any) -> None:
    instances = extensions.find(f"{{{BEREDD}}}instances")
    loop = extensions.getparent()
    if instances is not None and loop is not None:
        reference = etree.SubElement(loop, f"{{{BPMN}}}loopDataInputRef")
        reference.text = instances.get("collection")


def specs(trees: Mapping[str, Any], process: str) -> tuple[Any, dict[str, Any]] | Finding:
    """Let SpiffWorkflow parse checked trees (by file name): its spec of ``process`` and of all it contains.

    A refusal is returned as a finding; SpiffWorkflow's exceptions do not escape.
    """
    parser = BpmnParser()
    try:
        for name, tree in trees.items():
            parser.add_bpmn_xml(canonical(tree), filename=name)
        return parser.get_spec(process), parser.get_subprocess_specs(process)
    except ValidationException as error:
        # Its attributes are set only when the exception was given a node.
        element, line = getattr(error, "id", ""), getattr(error, "line_number", 0)
        return _unreadable(str(error), element=element or "", line=line or 0, file=error.file_name)
    except RecursionError:
        return _unreadable("den är för lång")
    except (LookupError, AttributeError, TypeError, ValueError) as error:
        # Its parser does not check everything it relies on.
        return _unreadable(f"{error}")


def _unreadable(reason: str, *, element: str = "", line: int = 0, file: str = "") -> Finding:
    text = f"Motorn kan inte läsa modellen: {reason}."
    return Finding(code="ENGINE_REFUSES", text=text, element=element, line=line, file=file)
