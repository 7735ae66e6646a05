"""A delegation order: four decision tables and a registry of legal bases, adopted as one bundle.

Rows are found by case type and decision type, so that a question touches the few rows that could answer it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from delegation import vocabulary
from delegation.bundle import FILES, LEGAL_BASIS, ROLES, TABLES, digest
from delegation.dmn import reader
from delegation.dmn.errors import DmnError
from delegation.dmn.table import DecisionTable, Rule
from delegation.errors import ConflictingRows, NoRow, OrderFinding, OrderRefused, Unevaluable
from delegation.legal_basis import LegalBasisRegistry, RegistryInvalid, read_registry
from delegation.lint import check_bundle, check_order
from delegation.roles import Chain, Role, RoleTable
from delegation.rows import PRINCIPLE, Condition, Facts, Row, fact_value, matches
from delegation.types import Act, JointPreparation, JuristMode, Requirements


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DelegationOrder:
    """One adopted version of the order. ``load_order`` makes it."""

    number: str
    valid_from: datetime
    #: Half-open; ``None`` while no later version has been adopted.
    valid_to: datetime | None
    sha256: str
    rows: tuple[Row, ...]
    roles: RoleTable
    legal_basis: LegalBasisRegistry
    tables: Mapping[str, DecisionTable]
    #: Rows that could answer, by (case type, decision type).
    index: Mapping[tuple[str, str], tuple[Row, ...]]
    #: The same rows with the conditions left to test, by (case type, decision type, principle).
    candidates: Mapping[tuple[str, str, bool], tuple[tuple[Row, tuple[Condition, ...]], ...]]
    #: Trigger conditions of each joint-preparation code.
    triggers: Mapping[str, tuple[tuple[Condition, ...], ...]]
    #: Participants of each code, with the conditions under which they are asked.
    participants: Mapping[str, tuple[tuple[tuple[Condition, ...], tuple[str, ...]], ...]]
    _built: dict[tuple[Any, ...], Requirements]

    def in_force(self, at: datetime) -> bool:
        """Tell whether the order is in force at a moment (R-29)."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)

    def decision_types(self, case_type: str) -> tuple[str, ...]:
        """Return the decision list of a case type."""
        return tuple(decision for case, decision in self.index if case == case_type)

    def row(self, case_type: str, decision_type: str, facts: Facts) -> Row:
        """Return the one row that covers a decision; raises ``NoRow``, ``ConflictingRows`` and ``Unevaluable``."""
        if (case_type, decision_type) not in self.index:
            raise NoRow(case_type=case_type, decision_type=decision_type)
        principle = fact_value(PRINCIPLE, facts)
        if not isinstance(principle, bool):
            raise Unevaluable((PRINCIPLE,))
        unknown: set[str] = set()
        found = [
            row
            for row, conditions in self.candidates[case_type, decision_type, principle]
            if matches(conditions, facts, unknown)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise ConflictingRows(sorted(row.id for row in found))
        if unknown:
            raise Unevaluable(sorted(unknown))
        raise NoRow(case_type=case_type, decision_type=decision_type)

    def requirements(self, case_type: str, decision_type: str, facts: Facts) -> Requirements:
        """Return what the order demands for a decision.

        Raises ``NoRow`` when no row covers it, ``ConflictingRows`` when several do, and ``Unevaluable`` when a
        fact that chooses between them is missing.
        """
        row = self.row(case_type, decision_type, facts)
        target = row
        refers_to = row.constants["refers_to"]
        if refers_to is not None:
            target = self.row(refers_to, decision_type, facts)
        joint = self._joint(row, target, case_type, decision_type, facts)
        medical = target.output("medical", facts)
        lent = target is row and target.constants["sub_delegable_to"] is not None
        if lent:
            try:
                lent = target.output("sub_delegable_when", facts) is True
            except Unevaluable:
                # A condition nobody has stated opens nothing.
                lent = False
        if row.is_override:
            appealable = self._replaced_appealable(case_type, decision_type, facts)
        else:
            appealable = target.output("appealable", facts)
        # A row has few outcomes; each is built once.
        key = (row.id, target.id, case_type, decision_type, joint, medical, lent, appealable)
        requirements = self._built.get(key)
        if requirements is None:
            requirements = self._build(
                row, target, joint, bool(medical), bool(lent), bool(appealable), (case_type, decision_type)
            )
            self._built[key] = requirements
        return requirements

    def _joint(
        self, row: Row, target: Row, case_type: str, decision_type: str, facts: Facts
    ) -> tuple[JointPreparation, ...]:
        asked: dict[str, bool] = {}
        for source in (target, row) if target is not row else (row,):
            for code in source.constants["joint_triggered"] or ():
                if self._fires(code, decision_type, facts):
                    asked[code] = False
            for code in source.constants["joint_after"] or ():
                asked.setdefault(code, True)
            # What a referring row adds follows the decision where every control does: danger waits for none.
            after = source is not target and target.constants["controls_after"]
            for code in source.constants["joint_always"] or ():
                asked[code] = after
        if not asked:
            return ()
        named = {**facts, "case_type": case_type, "decision_type": decision_type}
        return tuple(
            JointPreparation(code=code, participants=self._participants(code, named), after=after)
            for code, after in asked.items()
        )

    def _fires(self, code: str, decision_type: str, facts: Facts) -> bool:
        unknown: set[str] = set()
        named = {**facts, "decision_type": decision_type}
        if any(matches(conditions, named, unknown) for conditions in self.triggers.get(code, ())):
            return True
        if unknown:
            raise Unevaluable(sorted(unknown))
        return False

    def _participants(self, code: str, facts: Facts) -> tuple[str, ...]:
        found: list[str] = []
        unknown: set[str] = set()
        for conditions, participants in self.participants.get(code, ()):
            if matches(conditions, facts, unknown):
                found.extend(participants)
        if unknown or not found:
            raise Unevaluable(sorted(unknown) or (code,))
        return tuple(found)

    def _replaced_appealable(self, case_type: str, decision_type: str, facts: Facts) -> bool:
        """Tell whether any row that a matter of principle replaces can be appealed (DO-002, "as row replaced")."""
        for row in self.index[case_type, decision_type]:
            if row.is_override:
                continue
            refers_to = row.constants["refers_to"]
            if refers_to is not None:
                if self._replaced_appealable(refers_to, decision_type, facts):
                    return True
            elif row.output("appealable", facts):
                return True
        return False

    def _build(
        self,
        row: Row,
        target: Row,
        joint: tuple[JointPreparation, ...],
        medical: bool,
        lent: bool,
        appealable: bool,
        key: tuple[str, str],
    ) -> Requirements:
        values = target.constants
        legal = dict.fromkeys(values["legal_basis"])
        if row.is_override:
            for replaced in self.index[key]:
                legal.update(dict.fromkeys(replaced.constants["legal_basis"]))
        notes = [target.annotation] if target is row else [row.annotation, target.annotation]
        mode = values["jurist_mode"]
        return Requirements(
            rule=target.rule_id,
            row=target.id,
            title=values["title_sv"],
            title_en=values["title_en"],
            lowest_role=values["lowest_role"],
            rapporteur=values["rapporteur"],
            oral=values["oral"],
            four_eyes=values["four_eyes"],
            controls_after=values["controls_after"],
            jurist_role=values["jurist_role"],
            jurist_mode=JuristMode(mode) if mode else None,
            jurist_after=values["jurist_after"],
            medical=medical,
            joint_preparations=joint,
            sub_delegable_to=values["sub_delegable_to"] if lent else None,
            legal_basis=tuple(legal),
            appealable=appealable,
            annotation=" ".join(note for note in notes if note),
            via=None if target is row else row.rule_id,
        )


def load_order(
    files: Mapping[str, bytes], *, number: str, valid_from: datetime, valid_to: datetime | None = None
) -> DelegationOrder:
    """Read, compile and check a bundle; raises ``OrderRefused`` with every finding."""
    missing = [name for name in FILES if name not in files]
    if missing:
        raise OrderRefused(
            OrderFinding(code="FILE_MISSING", file=name, element=name, text="filen saknas i ordningen; lägg till den")
            for name in missing
        )
    tables: dict[str, DecisionTable] = {}
    findings: list[OrderFinding] = []
    for name, decisions in TABLES.items():
        try:
            model = reader.read(files[name])
            findings.extend(check_bundle(name, model, decisions))
            known = (*vocabulary.FACTS, *(item.name for item in model.inputs))
            for decision in decisions:
                tables[decision] = DecisionTable.compile(model.decision(decision).table, name=decision, names=known)
        except DmnError as error:
            findings.append(_invalid("TABLE_INVALID", name, error))
    if findings:
        raise OrderRefused(findings)
    try:
        legal_basis = read_registry(files[LEGAL_BASIS])
        roles = RoleTable(_roles(tables["roles"]))
    except RegistryInvalid as error:
        raise OrderRefused([_invalid("LEGAL_BASIS_INVALID", LEGAL_BASIS, error)]) from error
    except (ValueError, TypeError) as error:
        raise OrderRefused([_invalid("ROLES_INVALID", ROLES, error)]) from error
    rows = _rows(tables["rules"])
    index = _index(rows)
    order = DelegationOrder(
        number=number,
        valid_from=valid_from,
        valid_to=valid_to,
        sha256=digest(files),
        rows=rows,
        roles=roles,
        legal_basis=legal_basis,
        tables=tables,
        index=index,
        candidates=_candidates(index),
        triggers=_triggers(tables["joint_triggers"]),
        participants=_participant_rules(tables["joint_participants"]),
        _built={},
    )
    findings = check_order(order)
    if findings:
        raise OrderRefused(findings)
    return order


def _invalid(code: str, file: str, error: Exception) -> OrderFinding:
    return OrderFinding(code=code, file=file, element=file, text=f"filen kan inte läsas: {error}")


def _conditions(table: DecisionTable, rule: Rule, skip: Sequence[str] = ()) -> tuple[Condition, ...]:
    return tuple(
        (column.text, cell)
        for column, cell in zip(table.columns, rule.inputs, strict=True)
        if column.text not in skip and not cell.is_any
    )


def _rows(table: DecisionTable) -> tuple[Row, ...]:
    rows = []
    names = [output.name for output in table.outputs]
    columns = [column.text for column in table.columns]
    for rule in table.rules:
        constants: dict[str, Any] = {}
        computed: dict[str, Any] = {}
        for name, cell in zip(names, rule.outputs, strict=True):
            if cell.constant is not None:
                constants[name] = cell.constant[0]
            elif not cell.expression.names:
                value = cell.expression.evaluate({})
                constants[name] = tuple(value) if isinstance(value, list) else value
            else:
                computed[name] = cell.expression
        rows.append(
            Row(
                id=rule.id,
                rule_id=str(constants.get("rule_id")),
                case_types=rule.inputs[columns.index("case_type")],
                decision_types=rule.inputs[columns.index("decision_type")],
                conditions=_conditions(table, rule, ("case_type", "decision_type")),
                constants=constants,
                computed=computed,
                annotation=rule.annotations[0] if rule.annotations else "",
                sub_delegation=rule.annotations[1] if len(rule.annotations) > 1 else "",
            )
        )
    return tuple(rows)


def _index(rows: tuple[Row, ...]) -> dict[tuple[str, str], tuple[Row, ...]]:
    index: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.is_override or row.decision_types.literals is None:
            continue
        for case_type in vocabulary.CASE_TYPES:
            if row.case_types.test(case_type, {}) is True:
                for decision_type in row.decision_types.literals:
                    index.setdefault((case_type, str(decision_type)), []).append(row)
    overrides = tuple(row for row in rows if row.is_override)
    return {key: (*found, *overrides) for key, found in sorted(index.items())}


def _candidates(
    index: Mapping[tuple[str, str], tuple[Row, ...]],
) -> dict[tuple[str, str, bool], tuple[tuple[Row, tuple[Condition, ...]], ...]]:
    """Return the rows that each value of the flag leaves, without the condition that it settles."""
    return {
        (*key, principle): tuple(
            (row, tuple(condition for condition in row.conditions if condition[0] != PRINCIPLE))
            for row in rows
            if all(cell.test(principle, {}) is True for name, cell in row.conditions if name == PRINCIPLE)
        )
        for key, rows in index.items()
        for principle in (True, False)
    }


def _roles(table: DecisionTable) -> Iterable[Role]:
    columns = [output.name for output in table.outputs]
    for rule in table.rules:
        values = {name: cell.value({}) for name, cell in zip(columns, rule.outputs, strict=True)}
        for code in sorted(rule.inputs[0].literals or ()):
            yield Role(
                code=str(code),
                title=values["title_sv"],
                chain=Chain(values["chain"]),
                level=int(values["level"]),
                case_types=frozenset(values["case_types"]),
                acts=frozenset(Act(act) for act in values["acts"]),
            )


def _triggers(table: DecisionTable) -> dict[str, tuple[tuple[Condition, ...], ...]]:
    found: dict[str, tuple[tuple[Condition, ...], ...]] = {}
    for rule in table.rules:
        code = str(rule.outputs[0].value({}))
        found[code] = (*found.get(code, ()), _conditions(table, rule))
    return found


def _participant_rules(
    table: DecisionTable,
) -> dict[str, tuple[tuple[tuple[Condition, ...], tuple[str, ...]], ...]]:
    found: dict[str, tuple[tuple[tuple[Condition, ...], tuple[str, ...]], ...]] = {}
    position = [column.text for column in table.columns].index("code")
    for rule in table.rules:
        asked = tuple(rule.outputs[0].value({}))
        for code in sorted(rule.inputs[position].literals or ()):
            entry = (_conditions(table, rule, ("code",)), asked)
            found[str(code)] = (*found.get(str(code), ()), entry)
    return found
