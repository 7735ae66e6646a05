"""What an order must satisfy before anyone may adopt it. Findings are in Swedish, for the order's editors."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from delegation import vocabulary
from delegation.bundle import ESCALATION, JOINT_PREPARATION, RULES, TABLES
from delegation.dmn.boxes import Boxes
from delegation.dmn.checks import Code, not_analysable, overlaps
from delegation.dmn.model import HitPolicy, Model, TableLogic
from delegation.dmn.table import Cell
from delegation.errors import OrderFinding
from delegation.rows import Row, matches

if TYPE_CHECKING:
    from delegation.order import DelegationOrder

#: The only hit policies an order may use; COLLECT where adding a row may only add a duty.
_POLICIES: Final[Mapping[str, HitPolicy]] = {
    "rules": HitPolicy.UNIQUE,
    "joint_triggers": HitPolicy.COLLECT,
    "joint_participants": HitPolicy.COLLECT,
    "escalation": HitPolicy.UNIQUE,
    "escalation_timeouts": HitPolicy.UNIQUE,
    "roles": HitPolicy.UNIQUE,
}
_OUTPUTS: Final[Mapping[str, frozenset[str]]] = {
    "rules": frozenset(
        [
            "rule_id",
            "lowest_role",
            "rapporteur",
            "oral",
            "four_eyes",
            "controls_after",
            "jurist_role",
            "jurist_mode",
            "jurist_after",
            "medical",
            "joint_always",
            "joint_triggered",
            "joint_after",
            "sub_delegable_to",
            "sub_delegable_when",
            "refers_to",
            "legal_basis",
            "appealable",
            "title_sv",
            "title_en",
        ]
    ),
    "joint_triggers": frozenset({"code"}),
    "joint_participants": frozenset({"participants"}),
    "escalation": frozenset({"step", "resolver", "working_days", "form"}),
    "escalation_timeouts": frozenset({"next_step", "resolver", "working_days"}),
    "roles": frozenset({"title_sv", "chain", "level", "case_types", "acts"}),
}
#: Columns that the tables ask about themselves, beside the facts of the vocabulary.
_STRUCTURAL: Final = frozenset({"case_type", "decision_type", "code", "role", "party", "counterpart", "step"})
_WORD: Final = re.compile(r"[^\W\d_]+(?:_[^\W\d_]+)*")
_NUMBER: Final = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_STRING: Final = re.compile(r'"([^"]*)"')
_QUALIFIERS: Final = frozenset({"OTHER", "ANY"})
_FORUM: Final = "OLG"


def check_bundle(file: str, model: Model, decisions: tuple[str, ...]) -> Iterator[OrderFinding]:
    """Yield what is wrong with the tables as written, before anything is compiled."""
    for decision in decisions:
        table = model.decision(decision).table

        def finding(code: str, element: str, text: str) -> OrderFinding:
            return OrderFinding(code=code, file=file, element=element, text=text)

        if table.hit_policy is not _POLICIES[decision] or table.aggregation is not None:
            yield finding(
                "HIT_POLICY",
                decision,
                f"träffpolicyn ska vara {_POLICIES[decision]} utan sammanräkning; ändra tabellen",
            )
        missing = _OUTPUTS[decision] - {output.name for output in table.outputs}
        for name in sorted(missing):
            yield finding("OUTPUT_MISSING", decision, f"kolumnen `{name}` saknas bland utfallen; lägg till den")
        for clause in table.inputs:
            name = clause.expression.text.strip()
            label = clause.label or name
            if name not in vocabulary.ALLOWED_COUNTS and regional_words(f"{name} {label}"):
                yield finding(
                    "REGIONAL_CONDITION",
                    label,
                    "ett villkor får inte avse avdelning, län, ort eller kontor (R-10); ta bort kolumnen",
                )
            elif name not in vocabulary.FACTS and name not in _STRUCTURAL:
                yield finding("UNKNOWN_WORD", label, f"ordet `{name}` är inte ett känt faktum; använd ett ur ordlistan")
        yield from _row_words(file, decision, table)
        for rule_id, times in Counter(rule.id for rule in table.rules).items():
            if times > 1:
                yield finding("DUPLICATE_ROW", rule_id, "radens id förekommer flera gånger; ge raderna olika id")


def regional_words(text: str) -> tuple[str, ...]:
    """Return the words in a text that would let a place decide (R-10)."""
    found = []
    for word in _WORD.findall(text.lower()):
        if word in vocabulary.ALLOWED_COUNTS:
            continue
        if vocabulary.FORBIDDEN_WORDS & {word, *word.split("_")}:
            found.append(word)
    return tuple(found)


def _row_words(file: str, decision: str, table: TableLogic) -> Iterator[OrderFinding]:
    conditional = {
        position
        for position, output in enumerate(table.outputs)
        if output.name in {"sub_delegable_when", "lowest_role", "sub_delegable_to", "medical"}
    }
    for rule in table.rules:
        cells = [
            *(cell.text for cell in rule.inputs),
            *(cell.text for position, cell in enumerate(rule.outputs) if position in conditional),
        ]
        for text in cells:
            for word in regional_words(text):
                yield OrderFinding(
                    code="REGIONAL_CONDITION",
                    file=file,
                    element=rule.id,
                    text=f"`{word}`: ett villkor får inte avse avdelning, län, ort eller kontor (R-10); skriv om raden",
                )


def check_order(order: DelegationOrder) -> list[OrderFinding]:
    """Return what is wrong with a compiled order: unknown words, overlaps, gaps, aliases without a target."""
    findings = [*_check_rows(order), *_check_joint(order), *_check_escalation(order), *_check_unique(order)]
    if not findings:
        findings.extend(_check_coverage(order))
    return findings


def _check_rows(order: DelegationOrder) -> Iterator[OrderFinding]:
    for row in order.rows:

        def finding(code: str, text: str, element: str = row.id) -> OrderFinding:
            return OrderFinding(code=code, file=RULES, element=element, text=text)

        if not re.fullmatch(r"DO-\d{3}", row.rule_id) or row.id.split("-")[1] != row.rule_id.split("-")[1]:
            yield finding("ROW_ID", f"radens id `{row.id}` hör inte till `{row.rule_id}`; skriv DO-nnn eller DO-nnn-n")
        if not row.is_override:
            yield from _check_names(row)
        values = row.constants
        roles = [values.get("jurist_role"), values.get("sub_delegable_to"), *str(values.get("lowest_role")).split("/")]
        if values.get("refers_to") is None and values.get("lowest_role") is None:
            yield finding("LOWEST_ROLE", "lägsta beslutsfattare saknas; ange en roll")
        for role in roles:
            if role not in (None, "None") and role not in order.roles:
                yield finding("UNKNOWN_ROLE", f"rollen `{role}` finns inte i roles.dmn; rätta rollen")
        if (values.get("jurist_role") is None) != (values.get("jurist_mode") is None) or values.get(
            "jurist_mode"
        ) not in (None, "S", "M", "B"):
            yield finding("JURIST_MODE", "jurist och form (S, M eller B) ska anges tillsammans; rätta raden")
        for key in values.get("legal_basis") or ():
            if key not in order.legal_basis.keys:
                yield finding(
                    "UNKNOWN_LEGAL_BASIS", f"den rättsliga grunden `{key}` finns inte i registret; lägg till den"
                )
        for column in ("joint_always", "joint_triggered", "joint_after"):
            for code in values.get(column) or ():
                if code not in order.participants:
                    yield finding(
                        "UNKNOWN_JOINT_CODE", f"`{code}` har inga deltagare i {JOINT_PREPARATION}; rätta koden"
                    )
        for column, expression in row.computed.items():
            for name in sorted(expression.names - vocabulary.FACTS.keys()):
                yield finding(
                    "UNKNOWN_WORD", f"`{name}` i kolumnen `{column}` är inte ett känt faktum; rätta villkoret"
                )
        for column in ("rapporteur", "four_eyes", "controls_after", "oral", "jurist_after"):
            if not isinstance(values.get(column), bool) and values.get("refers_to") is None:
                yield finding("NOT_A_CONSTANT", f"kolumnen `{column}` ska vara true eller false; rätta raden")


def _check_names(row: Row) -> Iterator[OrderFinding]:
    for cell, known, code, what in (
        (row.case_types, vocabulary.CASE_TYPES, "UNKNOWN_CASE_TYPE", "ärendeslaget"),
        (row.decision_types, vocabulary.DECISION_TYPES, "UNKNOWN_DECISION_TYPE", "beslutstypen"),
    ):
        for name in _STRING.findall(cell.text):
            if name not in known:
                yield OrderFinding(
                    code=code, file=RULES, element=row.id, text=f"{what} `{name}` är inte känd; använd en ur ordlistan"
                )
    if row.decision_types.literals is None:
        yield OrderFinding(
            code="DECISION_TYPES",
            file=RULES,
            element=row.id,
            text="beslutstyperna ska räknas upp; skriv koderna med kommatecken emellan",
        )


def _check_joint(order: DelegationOrder) -> Iterator[OrderFinding]:
    for code, entries in order.participants.items():
        for _, asked in entries:
            for participant in asked:
                role, _, qualifier = participant.partition(":")
                if role not in order.roles and role != _FORUM:
                    yield OrderFinding(
                        code="UNKNOWN_ROLE",
                        file=JOINT_PREPARATION,
                        element=code,
                        text=f"rollen `{role}` finns inte i roles.dmn; rätta deltagaren",
                    )
                if qualifier and qualifier not in vocabulary.CASE_TYPES and qualifier not in _QUALIFIERS:
                    yield OrderFinding(
                        code="UNKNOWN_CASE_TYPE",
                        file=JOINT_PREPARATION,
                        element=code,
                        text=f"ärendeslaget `{qualifier}` är inte känt; rätta deltagaren",
                    )


def _check_escalation(order: DelegationOrder) -> Iterator[OrderFinding]:
    for name in ("escalation", "escalation_timeouts"):
        table = order.tables[name]
        resolver = [output.name for output in table.outputs].index("resolver")
        for rule in table.rules:
            named = {rule.outputs[resolver].value({})}
            if name == "escalation":
                named |= {literal for cell in rule.inputs for literal in cell.literals or ()}
            for role in sorted(named):
                if role not in order.roles:
                    yield OrderFinding(
                        code="UNKNOWN_ROLE",
                        file=ESCALATION,
                        element=rule.id,
                        text=f"rollen `{role}` finns inte i roles.dmn; rätta raden",
                    )


def _check_unique(order: DelegationOrder) -> Iterator[OrderFinding]:
    """Yield cells that can't be analysed, and rows of the small tables that match at once."""
    files = {decision: file for file, decisions in TABLES.items() for decision in decisions}
    for name, table in order.tables.items():
        boxes = Boxes(table)
        found = [*not_analysable(table, boxes)]
        if name != "rules":
            # The rules are held against each other below, with examples in the words of the order.
            found += overlaps(table, boxes)
        for one in found:
            rows = " och ".join(one.rules)
            if one.code is Code.NOT_ANALYSABLE:
                text = f"cellen `{one.params['text']}` kan inte prövas; skriv konstanter, jämförelser eller intervall"
            else:
                text = f"raderna {rows} träffar samtidigt; avgränsa en av dem"
            yield OrderFinding(code=one.code.value, file=files[name], element=rows, text=text)


def _check_coverage(order: DelegationOrder) -> Iterator[OrderFinding]:
    """Yield every overlap and gap in the case types' decision lists, each with an example."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for (case_type, decision_type), rows in order.index.items():
        for row in rows:
            refers_to = row.constants["refers_to"]
            if refers_to is not None and (refers_to, decision_type) not in order.index:
                yield OrderFinding(
                    code="ALIAS_WITHOUT_TARGET",
                    file=RULES,
                    element=row.id,
                    text=f"raden hänvisar till {refers_to}, som saknar `{decision_type}`; rätta hänvisningen",
                )
        for example in _examples(rows):
            found = tuple(row.id for row in rows if matches(row.conditions, example, set()))
            if len(found) == 1:
                continue
            shown = ", ".join(f"{name} = {_shown(value)}" for name, value in example.items()) or "alla fakta"
            key = ("OVERLAP", found) if found else ("GAP", (case_type, decision_type))
            if key in seen:
                continue
            seen.add(key)
            if found:
                text = f"raderna {' och '.join(found)} träffar båda för {case_type} {decision_type} när {shown}"
                yield OrderFinding(
                    code="OVERLAP", file=RULES, element=" ".join(found), text=f"{text}; avgränsa en av dem"
                )
            else:
                text = f"ingen rad täcker {case_type} {decision_type} när {shown}; lägg till eller vidga en rad"
                yield OrderFinding(code="GAP", file=RULES, element=f"{case_type} {decision_type}", text=text)


def _examples(rows: tuple[Row, ...]) -> Iterator[dict[str, Any]]:
    """Yield one example for every combination that the rows' conditions can tell apart."""
    cells: dict[str, list[Cell]] = {}
    for row in rows:
        for name, cell in row.conditions:
            cells.setdefault(name, []).append(cell)
    examples = [list(values(name, found)) for name, found in cells.items()]
    for combination in itertools.product(*examples):
        yield dict(zip(cells, combination, strict=True))


def values(name: str, cells: Iterable[Cell]) -> Iterator[Any]:
    """Yield values of a fact such that each way that some cells can be answered is met by one of them."""
    fact = vocabulary.FACTS[name]
    if fact.type == "boolean":
        yield from (True, False)
    elif fact.type == "number":
        bounds = sorted({Decimal(number) for cell in cells for number in _NUMBER.findall(cell.text)})
        for bound in bounds:
            yield from (bound - Decimal("0.5"), bound, bound + Decimal("0.5"))
    elif fact.values:
        yield from fact.values
    else:
        yield from sorted({string for cell in cells for string in _STRING.findall(cell.text)})
        yield "«annat»"


def _shown(value: object) -> str:
    return ("ja" if value else "nej") if isinstance(value, bool) else str(value)
