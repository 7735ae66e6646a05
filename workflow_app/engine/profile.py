"""The accepted profile of one document: its elements, its shape, its steps and its expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from delegation import feel
from delegation.feel.errors import FeelError
from workflow_app.engine import compiler, timers
from workflow_app.engine.document import (
    ACTIVITIES,
    BEREDD,
    BPMN,
    BPMNDI,
    DC,
    DI,
    FLOW_NODES,
    XSI,
    Document,
    Element,
)
from workflow_app.engine.elements import (
    ATTRIBUTES,
    EVENT_DEFINITIONS,
    EVENT_SUBPROCESS_STARTS,
    EXTENSION_HOSTS,
    FIXED,
    REASONS,
    REQUIRED_EXTENSION,
)
from workflow_app.engine.findings import Finding
from workflow_app.engine.vocabulary import BY_ORDER, OPERATION_NEEDS, ORDER_TABLES, Vocabulary

_LEVELS = ("process", "subProcess")
MAX_NODES = 200
MAX_BRANCHES = 12
#: The search for unsound behaviour looks at every subset of an inclusive gateway's flows.
MAX_INCLUSIVE_FLOWS = 8
MAX_EXPRESSION = 2_000

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,99}")
#: Presentation attributes that bpmn.io writes in the diagram part.
_COLOURS = ("http://bpmn.io/schema/bpmn/biocolor/1.0", "http://www.omg.org/spec/BPMN/non-normative/color/1.0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a document may refer to outside itself."""

    vocabulary: Vocabulary
    #: Keys of the forms in the bundle.
    forms: frozenset[str]
    #: Names of the fields in those forms, and of what the bundle's tables give: facts as well.
    fields: frozenset[str]
    #: Decisions in each decision table file of the bundle.
    tables: Mapping[str, frozenset[str]]
    #: Names of the letters in the bundle.
    letters: frozenset[str] = frozenset()

    @property
    def facts(self) -> frozenset[str]:
        return self.vocabulary.facts | self.fields


def check(document: Document, surroundings: Surroundings) -> tuple[Finding, ...]:
    """List everything in a document that is outside the profile."""
    checker = _Checker(document, surroundings)
    checker.elements()
    if not checker.findings:
        # Shape and content are read only in a document whose elements are all known.
        checker.processes()
        for level in levels(document):
            checker.shape(level)
        for element in document.root.walk():
            if element.namespace == BPMN:
                checker.content(element)
    return tuple(checker.findings)


def levels(document: Document) -> Iterator[Element]:
    """Yield every process and subprocess of a document."""
    return (e for p in document.processes for e in p.walk() if e.namespace == BPMN and e.tag in _LEVELS)


class _Checker:
    def __init__(self, document: Document, surroundings: Surroundings) -> None:
        self.document = document
        self.known = surroundings
        self.findings: list[Finding] = []
        self.named = {tag: document.named(tag) for tag in ("message", "signal", "error", "escalation")}

    def find(self, code: str, element: Element, text: str) -> None:
        finding = Finding(code=code, text=text, element=element.id, line=element.line, file=self.document.file)
        self.findings.append(finding)

    # -- elements -------------------------------------------------------------------------------------------

    def elements(self) -> None:
        """Walk with the nearest id above each element, so that a nameless one can be found in the diagram."""
        root = self.document.root
        stack = [(root, root, root)]
        while stack:
            element, host, owner = stack.pop()
            owner = element if element.id else owner
            if element.namespace in (BPMNDI, DC, DI):
                self.drawing(element, owner)
            elif self.element(element, host, owner):
                inner = host if element.tag == "extensionElements" else element
                stack.extend((child, inner, owner) for child in reversed(element.children))

    def element(self, element: Element, host: Element, owner: Element) -> bool:
        """Check one element and its attributes; tell whether its children are worth reading."""

        def find(code: str, text: str) -> None:
            self.findings.append(
                Finding(code=code, text=text, element=owner.id, line=element.line, file=self.document.file)
            )

        if element.namespace == BEREDD:
            hosts = EXTENSION_HOSTS.get(element.tag)
            if hosts is None:
                find("UNKNOWN_EXTENSION", f"Beredd känner inte tillägget {element.tag}.")
            elif host.tag not in hosts:
                find("MISPLACED_EXTENSION", f"Tillägget {element.tag} hör inte hemma på {host.tag}.")
            return False
        if element.namespace != BPMN:
            find("FOREIGN_ELEMENT", f"Elementet {element.tag} hör till ett främmande tillägg; det är inte tillåtet.")
            return False
        allowed = ATTRIBUTES.get(element.tag)
        if allowed is None:
            reason = REASONS.get(element.tag, "")
            find("REFUSED_ELEMENT", f"Elementet {element.tag} ingår inte i den tillåtna profilen. {reason}".strip())
            return False
        for attribute, value in element.attributes.items():
            if attribute in (f"{{{XSI}}}type",):
                continue
            if attribute not in allowed:
                name = attribute.rpartition("}")[2]
                find("REFUSED_ATTRIBUTE", f"Attributet {name} på {element.tag} ingår inte i den tillåtna profilen.")
            elif attribute in FIXED and value not in FIXED[attribute]:
                find("REFUSED_VALUE", f"Attributet {attribute}=”{value}” på {element.tag} stöds inte.")
        if element.id and not _ID.fullmatch(element.id):
            find("INVALID_ID", "Id får bara ha bokstäverna a–z, siffror, punkt, streck och understreck.")
        return True

    def drawing(self, diagram: Element, owner: Element) -> None:
        """Refuse what is neither BPMN's drawing nor a colour in it."""
        for element in diagram.walk():
            foreign = [
                name
                for name in element.attributes
                if name.startswith("{") and name[1:].partition("}")[0] not in (XSI, *_COLOURS)
            ]
            if element.namespace not in (BPMNDI, DC, DI):
                code, what = "FOREIGN_ELEMENT", f"elementet {element.tag}"
            elif foreign:
                code, what = "REFUSED_ATTRIBUTE", f"attributet {foreign[0].rpartition('}')[2]}"
            else:
                continue
            text = f"Diagramdelen innehåller {what}, som inte hör till BPMN:s ritning."
            self.findings.append(
                Finding(code=code, text=text, element=owner.id, line=element.line, file=self.document.file)
            )
            return

    # -- shape ----------------------------------------------------------------------------------------------

    def processes(self) -> None:
        root = self.document.root
        processes = self.document.processes
        if len(processes) != 1:
            self.find("ONE_PROCESS", root, f"Filen ska innehålla exakt en process; den har {len(processes)}.")
            return
        process = processes[0]
        if process.get("isExecutable") not in ("true", "1"):
            self.find("NOT_EXECUTABLE", process, "Processen är inte körbar: sätt isExecutable till true.")
        nodes = sum(1 for e in process.walk() if e.tag in FLOW_NODES)
        if nodes > MAX_NODES:
            self.find("TOO_MANY_NODES", process, f"Processen har {nodes} noder; högst {MAX_NODES} är tillåtna.")

    def shape(self, level: Element) -> None:
        nodes = {e.id: e for e in level.children if e.tag in FLOW_NODES}
        flows = list(level.all("sequenceFlow"))
        incoming: dict[str, list[Element]] = {n: [] for n in nodes}
        outgoing: dict[str, list[Element]] = {n: [] for n in nodes}
        for node in nodes.values():
            if not node.id:
                self.find("MISSING_ID", node, f"Ett element av typen {node.tag} saknar id.")
        for flow in flows:
            source, target = flow.get("sourceRef") or "", flow.get("targetRef") or ""
            if source not in nodes or target not in nodes:
                self.find("DANGLING_FLOW", flow, "Flödet ska gå mellan två noder på samma nivå.")
                return
            outgoing[source].append(flow)
            incoming[target].append(flow)
        self.starts(level, nodes)
        for node in nodes.values():
            self.connections(node, incoming[node.id], outgoing[node.id], nodes)
            if node.tag == "eventBasedGateway":
                self.race(node, outgoing[node.id], nodes, incoming)
            else:
                self.conditions(node, outgoing[node.id])

    def starts(self, level: Element, nodes: Mapping[str, Element]) -> None:
        starts = [e for e in nodes.values() if e.tag == "startEvent"]
        if not any(e.tag == "endEvent" for e in nodes.values()):
            self.find("NO_END", level, "Processen saknar sluthändelse.")
        if not starts:
            self.find("NO_START", level, "Processen saknar starthändelse.")
        plain = [s for s in starts if compiler.event_definition(s) is None]
        by_event = level.get("triggeredByEvent") in ("true", "1")
        if level.tag == "subProcess":
            if len(starts) > 1:
                self.find("ONE_START", level, "En delprocess ska ha exakt en starthändelse.")
            elif starts and not by_event and not plain:
                self.find("EVENT_START", starts[0], "En vanlig delprocess ska börja utan händelsetyp.")
            elif starts and by_event and plain:
                self.find("EVENT_START", starts[0], "En händelsedelprocess ska börja med en händelse.")
        elif len(plain) > 1:
            self.find("ONE_START", plain[1], "En process får ha högst en starthändelse utan händelsetyp.")

    def connections(
        self, node: Element, incoming: list[Element], outgoing: list[Element], nodes: Mapping[str, Element]
    ) -> None:
        tag = node.tag
        by_event = tag == "subProcess" and node.get("triggeredByEvent") in ("true", "1")
        if tag in ("startEvent", "boundaryEvent") or by_event:
            if incoming:
                self.find("UNEXPECTED_FLOW", node, "Hit får inget flöde gå.")
        elif not incoming:
            self.find("NOT_CONNECTED", node, "Inget flöde leder hit.")
        if tag == "endEvent" or by_event:
            if outgoing:
                self.find("UNEXPECTED_FLOW", node, "Härifrån får inget flöde gå.")
        elif not outgoing:
            self.find("NOT_CONNECTED", node, "Inget flöde leder härifrån.")
        elif len(outgoing) > 1 and not tag.endswith("Gateway"):
            self.find("IMPLICIT_SPLIT", node, "Flera flöden ut kräver en grindnod.")
        most = MAX_INCLUSIVE_FLOWS if tag == "inclusiveGateway" else MAX_BRANCHES
        if len(incoming) > most or len(outgoing) > most:
            self.find("TOO_MANY_BRANCHES", node, f"Noden får ha högst {most} flöden in och ut.")
        if tag == "boundaryEvent":
            host = nodes.get(node.get("attachedToRef") or "")
            if host is None or host.tag not in ACTIVITIES:
                self.find("UNATTACHED", node, "Kanthändelsen ska sitta på en aktivitet på samma nivå.")

    def race(
        self,
        node: Element,
        outgoing: list[Element],
        nodes: Mapping[str, Element],
        incoming: Mapping[str, list[Element]],
    ) -> None:
        if len(outgoing) < 2:
            self.find("TOO_FEW_FLOWS", node, "En händelsestyrd grindnod ska ha minst två flöden ut.")
        for flow in outgoing:
            target = nodes[flow.get("targetRef") or ""]
            if target.tag != "intermediateCatchEvent":
                text = "Efter en händelsestyrd grindnod ska en mellanliggande händelse följa."
                self.find("EVENT_EXPECTED", flow, text)
            elif len(incoming[target.id]) > 1:
                self.find("EVENT_EXPECTED", target, "Hit får bara den händelsestyrda grindnoden leda.")
            if compiler.condition_text(flow) is not None:
                self.find("UNEXPECTED_CONDITION", flow, "Flödet får inte ha villkor: händelsen avgör.")

    def conditions(self, node: Element, outgoing: list[Element]) -> None:
        chooses = node.tag in ("exclusiveGateway", "inclusiveGateway")
        default = node.get("default")
        if default is not None and default not in {flow.id for flow in outgoing}:
            self.find("UNKNOWN_DEFAULT", node, "Standardflödet är inte ett av grindnodens flöden.")
        for flow in outgoing:
            text = compiler.condition_text(flow)
            if not chooses or flow.id == default:
                if text is not None:
                    self.find("UNEXPECTED_CONDITION", flow, "Flödet får inte ha villkor.")
            elif len(outgoing) > 1 and text is None:
                self.find("MISSING_CONDITION", flow, "Flödet saknar villkor och är inte standardflöde.")
            if text is not None:
                self.expression(flow, text)
        if chooses and len(outgoing) > 1 and default is None:
            text = "Grindnoden saknar standardflöde: utan ett kan ärendet fastna när inget villkor är sant."
            self.find("MISSING_DEFAULT", node, text)

    # -- content --------------------------------------------------------------------------------------------

    def content(self, element: Element) -> None:
        required = REQUIRED_EXTENSION.get(element.tag)
        if required is not None and element.extension(required) is None:
            owner = element if element.id else self.owner(element)
            self.find("MISSING_EXTENSION", owner, f"Elementet {element.tag} saknar beredd:{required}.")
        if sum(len(holder.children) for holder in element.all("extensionElements")) > 1:
            self.find("MISPLACED_EXTENSION", element, "Elementet har fler än ett tillägg.")
        if element.tag in EVENT_DEFINITIONS:
            self.event(element)
        if element.extension("step") is not None:
            self.step(element)
        operation = element.extension("operation")
        if operation is not None:
            self.operation(element, operation)
        if element.extension("table") is not None:
            self.table(element)
        if element.tag in ACTIVITIES:
            found = compiler.collection_of(element)
            if found is not None and found[0]:
                self.expression(element, found[0])
        if element.tag == "receiveTask" and compiler.event_name(element, self.document) is None:
            self.find("UNKNOWN_MESSAGE", element, "Uppgiften väntar på ett meddelande som inte är angivet.")

    def operation(self, element: Element, operation: Element) -> None:
        name = operation.get("name") or ""
        known = self.known.vocabulary.operations
        if known is not None and name not in known:
            self.find("UNKNOWN_OPERATION", element, f"Operationen {name} finns inte.")
        for attribute in OPERATION_NEEDS.get(name, ()):
            if not operation.get(attribute):
                self.find("MISSING_ATTRIBUTE", element, f"Operationen {name} saknar attributet {attribute}.")
        collection = operation.get("collection")
        if collection and collection not in self.known.facts:
            self.find("UNKNOWN_FACT", element, f"Operationen läser ”{collection}”, som inte är ett känt faktum.")
        letter = operation.get("letter")
        if letter and letter not in self.known.letters:
            self.find("UNKNOWN_LETTER", element, f"Brevmallen {letter}.typ finns varken här eller i shared/letters.")

    def table(self, element: Element) -> None:
        asked = compiler.table_of(element)
        if asked is None or asked.ref in ORDER_TABLES:
            return
        decisions = self.known.tables.get(asked.ref)
        if decisions is None:
            self.find("UNKNOWN_TABLE", element, f"Beslutstabellen {asked.ref} finns inte i modellens mapp.")
        elif asked.decision not in decisions:
            text = f"Beslutstabellen {asked.ref} har inte beslutet {asked.decision or '(ej angivet)'}."
            self.find("UNKNOWN_TABLE", element, text)

    def owner(self, element: Element) -> Element:
        return next((e for e in self.document.root.walk() if any(c is element for c in e.children)), element)

    def event(self, element: Element) -> None:
        definitions = [c for c in element.children if c.tag.endswith("EventDefinition")]
        if len(definitions) > 1:
            self.find("MULTIPLE_EVENTS", element, "En händelse får bara ha en händelsetyp.")
            return
        tag = definitions[0].tag if definitions else ""
        allowed = EVENT_DEFINITIONS[element.tag]
        if element.tag == "startEvent" and self.owner(element).tag == "subProcess":
            allowed = EVENT_SUBPROCESS_STARTS | {""}
        if tag not in allowed:
            kind = tag.removesuffix("EventDefinition") or "ingen"
            self.find("REFUSED_EVENT", element, f"Händelsetypen {kind} kan inte användas på {element.tag}.")
            return
        for kind in ("message", "signal", "error", "escalation"):
            missing = tag == f"{kind}EventDefinition" and compiler.event_name(element, self.document) is None
            catches_all = kind in ("error", "escalation") and element.tag in ("boundaryEvent", "startEvent")
            if missing and not (catches_all and definitions[0].get(f"{kind}Ref") is None):
                code = f"UNKNOWN_{kind.upper()}"
                self.find(code, element, f"Händelsen anger inte något {kind} som finns i filen.")
        if tag == "errorEventDefinition" and element.tag == "boundaryEvent" and not compiler.is_interrupting(element):
            self.find("REFUSED_VALUE", element, "Ett fel avbryter alltid: cancelActivity får inte vara false.")
        self.timer(element, definitions[0] if tag == "timerEventDefinition" else None)

    def timer(self, element: Element, definition: Element | None) -> None:
        if definition is None:
            return
        timer = compiler.timer_of(element, element.id)
        if timer is None:
            self.find("INVALID_TIMER", element, "Timern saknar tid: ange timeDuration, timeDate eller timeCycle.")
            return
        if element.tag == "startEvent" and self.owner(element).tag == "process":
            if timer.kind != "CYCLE" or timers.parse_calendar(timer.text) is None:
                text = f"Kalenderstarten ”{timer.text}” går inte att tolka; skriv R/2026-11-01T06:00:00+01:00/P1Y."
                self.find("INVALID_TIMER", element, text)
            return
        complaint = timers.complaint(timer)
        if complaint is not None:
            self.find("INVALID_TIMER", element, complaint)
        name = timers.fact_name(timer.text)
        if name is not None and name not in self.known.facts:
            self.find("UNKNOWN_FACT", element, f"Timern läser ”{name}”, som inte är ett känt faktum.")
        if timer.kind == "CYCLE" and (element.tag == "intermediateCatchEvent" or timer.interrupting):
            self.find("INVALID_TIMER", element, "En upprepad timer kan bara sitta på en kant och inte avbryta.")

    def step(self, element: Element) -> None:
        step = compiler.step_of(element)
        if step is None:
            return
        vocabulary = self.known.vocabulary
        for role in step.roles:
            if role not in vocabulary.roles and role != BY_ORDER:
                self.find("UNKNOWN_ROLE", element, f"Rollen {role} finns inte.")
        if BY_ORDER in step.roles and len(step.roles) > 1:
            self.find("UNKNOWN_ROLE", element, "ORDER kan inte stå tillsammans med andra roller.")
        types = vocabulary.decision_types
        if step.decision_type is not None and types is not None and step.decision_type not in types:
            text = f"Beslutstypen {step.decision_type} finns inte i delegationsordningen."
            self.find("UNKNOWN_DECISION_TYPE", element, text)
        for key in step.legal_bases:
            if vocabulary.legal_bases is not None and key not in vocabulary.legal_bases:
                text = f"Den rättsliga grunden {key} finns inte i delegationsordningens register."
                self.find("UNKNOWN_LEGAL_BASIS", element, text)
        if step.form is not None and step.form not in self.known.forms:
            self.find("UNKNOWN_FORM", element, f"Formuläret {step.form} finns inte bland modellens formulär.")
        if step.proposal and step.act != "prepare":
            self.find("MISPLACED_PROPOSAL", element, "Bara ett beredande steg kan skriva förslag till beslut.")
        if step.forum is not None and step.act != "present":
            self.find("MISPLACED_FORUM", element, "Forum anges bara för en föredragning.")

    def expression(self, element: Element, text: str) -> None:
        complaint = expression_complaint(text, self.known.facts)
        if complaint is not None:
            code, sentence = complaint
            self.find(code, element, sentence)


def expression_complaint(text: str, facts: Collection[str]) -> tuple[str, str] | None:
    """Say what is wrong with a FEEL expression of a model, as code and Swedish sentence."""
    if not text.strip():
        return "INVALID_EXPRESSION", "Uttrycket är tomt."
    if len(text) > MAX_EXPRESSION:
        return "INVALID_EXPRESSION", f"Uttrycket är längre än {MAX_EXPRESSION} tecken."
    parse: Callable[..., feel.Expression] = feel.parse_expression
    try:
        expression = parse(text, names=facts)
    except feel.FeelSyntaxError as error:
        place = f"vid tecken {error.position + 1} ({error.reason})"
        return "INVALID_EXPRESSION", f"Uttrycket ”{text}” är inte giltig FEEL {place}."
    except FeelError as error:
        return "INVALID_EXPRESSION", f"Uttrycket är för stort eller använder något som inte är tillåtet ({error})."
    unknown = sorted(expression.names - set(facts))
    if unknown:
        return "UNKNOWN_FACT", f"Uttrycket ”{text}” använder {', '.join(unknown)}, som inte är kända fakta."
    return None
