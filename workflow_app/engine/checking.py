"""Check a bundle from its bytes to its behaviour: what deployment and ``check_models`` both rest on.

The order is fixed and each stage runs only on what the one before let through: bytes, schema, profile, calls between
files, SpiffWorkflow's parser, net, cycles, soundness.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from delegation.dmn import reader as dmn_reader
from delegation.dmn.errors import DmnError
from delegation.dmn.model import TableLogic
from delegation.feel import FeelError
from workflow_app.engine import calls, compiler, cycles, forms, letters, parsing, profile, soundness
from workflow_app.engine.document import Document, Element
from workflow_app.engine.findings import Finding, Severity
from workflow_app.engine.net import Net
from workflow_app.engine.nodes import EventKind, NodeKind
from workflow_app.engine.profile import Surroundings
from workflow_app.engine.soundness import Flaw, FlawCode
from workflow_app.engine.vocabulary import DEFAULT, Vocabulary

MAIN = "process.bpmn"
SHARED = "shared/"
#: A person can register a case of a process that has this form.
INTAKE = "forms/intake.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The result of a check."""

    #: Process id; the name of the file when it could not be read.
    id: str
    findings: tuple[Finding, ...]
    #: True when nothing is outside the profile.
    accepted: bool
    sound: bool
    states: int = 0
    net: Net | None = None
    case_type: str = ""
    title: str = ""

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)


def check(
    files: Mapping[str, bytes], *, main: str = MAIN, vocabulary: Vocabulary = DEFAULT, standalone: bool = False
) -> Checked:
    """Check a bundle: file name -> bytes. Never raises for what the files hold.

    ``standalone`` checks a process that is called (or a single file): it needs no case type.
    """
    work = _Check(files, main, vocabulary, standalone)
    work.run()
    return work.result()


class _Check:
    def __init__(self, files: Mapping[str, bytes], main: str, vocabulary: Vocabulary, standalone: bool) -> None:
        self.files = files
        self.main = main
        self.vocabulary = vocabulary
        self.standalone = standalone
        self.findings: list[Finding] = []
        #: lxml trees by file, for SpiffWorkflow's parser.
        self.trees: dict[str, Any] = {}
        #: Documents by process id.
        self.documents: dict[str, Document] = {}
        self.process: Element | None = None
        self.accepted = False
        self.sound = False
        self.states = 0
        self.net: Net | None = None

    def result(self) -> Checked:
        process = self.process
        about = process.extension("process") if process is not None else None
        title = about.get("title") if about is not None else None
        return Checked(
            id=process.id if process is not None else self.main,
            findings=tuple(self.findings),
            accepted=self.accepted,
            sound=self.sound,
            states=self.states,
            net=self.net if self.accepted and self.sound else None,
            case_type=(about.get("caseType") or "") if about is not None else "",
            title=title or (process.name if process is not None else ""),
        )

    def run(self) -> None:
        surroundings = self.surroundings()
        documents = self.parse()
        self.read_main(documents)
        if self.findings:
            return
        for document in documents:
            self.findings += profile.check(document, surroundings)
        if self.findings or self.process is None:
            return
        self.read_case_type(self.process)
        self.read_starts(self.process)
        self.findings += calls.check(self.documents, self.process.id)
        if self.findings:
            return
        # Only the files that the process uses, itself among them, are given to SpiffWorkflow.
        used = {self.documents[p].file for p in calls.reachable(self.documents, self.process.id)}
        specs = parsing.specs({name: self.trees[name] for name in sorted(used)}, self.process.id)
        if isinstance(specs, Finding):
            self.findings.append(specs)
            return
        self.net = compiler.compile_net(self.documents, self.process.id)
        self.behaviour(self.net)

    # -- files ------------------------------------------------------------------------------------------------

    def find(self, code: str, text: str, *, file: str, element: str = "", line: int = 0) -> None:
        self.findings.append(Finding(code=code, text=text, file=file, element=element, line=line))

    def surroundings(self) -> Surroundings:
        keys: set[str] = set()
        fields: set[str] = set()
        for name in sorted(self.files):
            key = forms.key_of(name)
            if key is None:
                continue
            if key in keys:
                self.find("DUPLICATE_FORM", f"Formuläret {key} finns två gånger.", file=name)
            keys.add(key)
            try:
                fields |= forms.fields_of(self.files[name])
            except forms.InvalidForm as error:
                self.find("INVALID_FORM", str(error), file=name)
        tables = self.tables(fields)
        for name, line, text in letters.problems(self.files):
            self.find("INVALID_LETTER", text, file=name, line=line)
        return Surroundings(
            vocabulary=self.vocabulary,
            forms=frozenset(keys),
            fields=frozenset(fields),
            tables=tables,
            letters=letters.names(self.files),
        )

    def tables(self, facts: set[str]) -> dict[str, frozenset[str]]:
        """Read the decision tables of the bundle: the decisions in each, by file name. What they give is a fact."""
        found: dict[str, frozenset[str]] = {}
        for name in sorted(n for n in self.files if n.endswith(".dmn")):
            try:
                model = dmn_reader.read(self.files[name])
            except (DmnError, FeelError) as error:
                self.find("INVALID_TABLE", f"Beslutstabellen går inte att läsa: {error}.", file=name)
            else:
                found[name.removeprefix(SHARED)] = frozenset(d.id for d in model.decisions if d.id)
                logics = (decision.logic for decision in model.decisions)
                outputs = (output for logic in logics if isinstance(logic, TableLogic) for output in logic.outputs)
                facts |= {output.name for output in outputs if output.name}
        return found

    def parse(self) -> list[Document]:
        documents = []
        for name in sorted(n for n in self.files if n.endswith(".bpmn")):
            parsed = parsing.parse(self.files[name], file=name)
            self.findings += parsed.findings
            if parsed.document is not None:
                documents.append(parsed.document)
                self.trees[name] = parsed.tree
        return documents

    def read_main(self, documents: list[Document]) -> None:
        for document in documents:
            for process in document.processes:
                if process.id in self.documents:
                    text = f"Processen {process.id} finns i två filer."
                    self.find("DUPLICATE_PROCESS", text, file=document.file, element=process.id, line=process.line)
                self.documents.setdefault(process.id, document)
            if document.file == self.main and document.processes:
                self.process = document.processes[0]
        if self.main not in self.files:
            self.find("NO_PROCESS", f"Filen {self.main} saknas.", file=self.main)

    def read_case_type(self, process: Element) -> None:
        about = process.extension("process")
        if not self.standalone and (about is None or not about.get("caseType")):
            text = "Processen saknar ärendeslag: ange caseType i beredd:process."
            self.find("NO_CASE_TYPE", text, file=self.main, element=process.id, line=process.line)

    def read_starts(self, process: Element) -> None:
        """See that whoever opens a case, other than the calendar, finds one start."""
        starts = [e for e in process.all("startEvent") if compiler.event_kind(e) is not EventKind.TIMER]
        if not self.standalone and len(starts) > 1:
            text = "Processen får ha en enda starthändelse utöver kalenderns."
            self.find("AMBIGUOUS_START", text, file=self.main, element=starts[1].id, line=starts[1].line)

    # -- behaviour --------------------------------------------------------------------------------------------

    def behaviour(self, net: Net) -> None:
        seen: set[tuple[str, str, str]] = set()

        def add(code: str, node_id: str, text: str, trace: tuple[str, ...] = ()) -> None:
            element, process = self.place(net, node_id)
            # A process that is called twice shows the same flaw twice.
            if (code, process, element.id) not in seen:
                seen.add((code, process, element.id))
                file = self.documents[process].file
                self.findings.append(
                    Finding(code=code, text=text, element=element.id, line=element.line, file=file, trace=trace)
                )

        for cycle in cycles.find(net):
            names = ", ".join(self.label(net, node) for node in cycle[:6])
            add("CYCLE_WITHOUT_WAIT", cycle[0], f"Slingan väntar aldrig på någon eller något: {names}.")
        for place, catcher in net.catcher.items():
            if catcher is None and net.nodes[place].kind is NodeKind.ERROR:
                add("UNCAUGHT_ERROR", net.ids[place], "Ingen kanthändelse runt omkring fångar felet.")
        if self.findings:
            return
        self.accepted = True
        result = soundness.check(net)
        self.states = result.states
        for flaw in result.flaws:
            add(flaw.code.value, flaw.node, self.sentence(net, flaw), flaw.trace)
        self.sound = not self.findings

    def place(self, net: Net, node: str) -> tuple[Element, str]:
        """Give the BPMN element of a node, and the process it belongs to."""
        if node not in net or self.process is None:
            assert self.process is not None  # noqa: S101 - narrows the type: behaviour follows read_main
            return self.process, self.process.id
        found = net.node(node)
        document = self.documents[found.process]
        return next(e for e in document.root.walk() if e.id == found.element), found.process

    def label(self, net: Net, node: str) -> str:
        return f"”{net.node(node).name}”" if node in net else "processen"

    def sentence(self, net: Net, flaw: Flaw) -> str:
        name = self.label(net, flaw.node)
        steps = [net.node(n).name for n in flaw.trace if n in net and net.node(n).name != net.node(n).element]
        way = f" Så här: {' → '.join(steps[-12:])}." if steps else ""
        match flaw.code:
            case FlawCode.DEADLOCK:
                return f"Ärendet kan fastna vid {name}: det väntar på ett flöde som inte kommer.{way}"
            case FlawCode.UNSAFE:
                return f"{name} kan nås två gånger samtidigt: parallella flöden möts utan att vänta in varandra.{way}"
            case FlawCode.IMPROPER_COMPLETION:
                return f"Slutet {name} kan nås två gånger: parallella flöden möts utan att vänta in varandra.{way}"
            case FlawCode.LIVELOCK:
                return f"Från {name} kan ärendet aldrig komma till ett slut.{way}"
            case FlawCode.DEAD_NODE:
                return f"{name} kan aldrig nås."
            case FlawCode.TOO_MANY_STATES:
                return f"{name} har fler tillstånd än som kan prövas; dela upp modellen i delprocesser."
