"""The delegation order as a document to read: sections, rows and bands for a page to set.

The text is Swedish because the order is: the director-general adopts these words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from delegation.errors import UnknownLegalBasis
from delegation.order import DelegationOrder
from delegation.rows import Condition, Row
from delegation.vocabulary import CASE_TYPES, DECISION_TYPES, FACTS

_GENERAL: Final = "ALL"
_MODES: Final = {"S": "samråd", "M": "medverkar", "B": "beslutar"}
_COMPARISON: Final = re.compile(r"(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)\Z")
_INTERVAL: Final = re.compile(r"\((-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)\]\Z")
_WORDS: Final = {"<=": "högst", ">=": "minst", "<": "under", ">": "över"}
_STRING: Final = re.compile(r'"([^"]*)"')
_QUALIFIERS: Final = {"OTHER": "annat ärendeslag", "ANY": "något ärendeslag"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedBand:
    """One way a row may apply, with what it then asks for."""

    #: Id of the DMN rule, ``DO-046-1``.
    id: str
    #: When the band applies, in words; empty for a row with one band.
    condition: str
    lowest: str
    rapporteur: str
    four_eyes: str
    jurist: str
    medical: str
    joint_preparation: tuple[str, ...]
    sub_delegation: str
    appeal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRow:
    """One row of the order, ``DO-nnn``."""

    rule: str
    title: str
    title_en: str
    decision_types: tuple[str, ...]
    #: The case type whose rows an alias follows; empty for every other row.
    refers_to: str
    legal_basis: tuple[str, ...]
    annotation: str
    bands: tuple[PrintedBand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSection:
    """The rows of one case type, or the general rows."""

    code: str
    title: str
    rows: tuple[PrintedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRole:
    """One role with its place in its chain."""

    code: str
    title: str
    chain: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedEntry:
    """One line of a list: a joint preparation or a step of escalation."""

    code: str
    text: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedOrder:
    """A whole version of the order."""

    number: str
    valid_from: datetime
    valid_to: datetime | None
    sha256: str
    sections: tuple[PrintedSection, ...]
    joint_triggers: tuple[PrintedEntry, ...]
    joint_participants: tuple[PrintedEntry, ...]
    escalation: tuple[PrintedEntry, ...]
    roles: tuple[PrintedRole, ...]


def printed(order: DelegationOrder, *, on_date: date) -> PrintedOrder:
    """Return an order as a document, with the references to statutes that hold on a day."""
    return PrintedOrder(
        number=order.number,
        valid_from=order.valid_from,
        valid_to=order.valid_to,
        sha256=order.sha256,
        sections=tuple(_sections(order, on_date)),
        joint_triggers=tuple(_joint_triggers(order)),
        joint_participants=tuple(_joint_participants(order)),
        escalation=tuple(_escalation(order)),
        roles=tuple(
            PrintedRole(code=role.code, title=role.title, chain=role.chain.value, level=role.level)
            for role in order.roles
        ),
    )


def _sections(order: DelegationOrder, on_date: date) -> Iterator[PrintedSection]:
    """Yield the general rows first, then each case type in the vocabulary's order."""
    by_section: dict[str, dict[str, list[Row]]] = {code: {} for code in (_GENERAL, *CASE_TYPES)}
    for row in order.rows:
        general = row.case_types.is_any or row.case_types.text.startswith("not")
        section = _GENERAL if general else _listed(row.case_types.text)[0]
        by_section[section].setdefault(row.rule_id, []).append(row)
    for code, rules in by_section.items():
        if rules:
            title = "Alla ärendeslag" if code == _GENERAL else CASE_TYPES[code]
            rows = tuple(_row(order, bands, on_date) for _, bands in sorted(rules.items()))
            yield PrintedSection(code=code, title=title, rows=rows)


def _row(order: DelegationOrder, bands: list[Row], on_date: date) -> PrintedRow:
    first = bands[0]
    several = len({band.decision_types.text for band in bands}) > 1
    codes = dict.fromkeys(code for band in bands for code in _listed(band.decision_types.text))
    return PrintedRow(
        rule=first.rule_id,
        title=first.constants["title_sv"],
        title_en=first.constants["title_en"],
        decision_types=tuple(DECISION_TYPES[code] for code in codes),
        refers_to=next((band.constants["refers_to"] for band in bands if band.constants["refers_to"]), ""),
        legal_basis=tuple(
            dict.fromkeys(_reference(order, key, on_date) for band in bands for key in band.constants["legal_basis"])
        ),
        annotation=first.annotation,
        bands=tuple(_band(order, band, named=several) for band in bands),
    )


def _band(order: DelegationOrder, row: Row, *, named: bool) -> PrintedBand:
    values = row.constants
    parts = [", ".join(DECISION_TYPES[code] for code in _listed(row.decision_types.text))] if named else []
    parts.extend(
        _condition(condition) for condition in row.conditions if condition[0] != "principle" or row.is_override
    )
    alias = values["refers_to"]
    return PrintedBand(
        id=row.id,
        condition="; ".join(parts),
        lowest=f"som i {alias}" if alias else _roles(order, values["lowest_role"]),
        rapporteur="ja, muntlig tillåten" if values["oral"] else _yes(values["rapporteur"]),
        four_eyes="ja, får ske i efterhand"
        if values["four_eyes"] and values["controls_after"]
        else _yes(values["four_eyes"]),
        jurist=_jurist(order, row),
        medical=_medical(row),
        joint_preparation=tuple(_joint(row)),
        sub_delegation=_lent(order, row),
        appeal=_appeal(row),
    )


def _jurist(order: DelegationOrder, row: Row) -> str:
    role, mode = row.constants["jurist_role"], row.constants["jurist_mode"]
    if not role:
        return "som i hänvisad rad" if row.constants["refers_to"] else "–"
    after = ", i efterhand" if row.constants["jurist_after"] else ""
    return f"{order.roles[role].title}, {_MODES[mode]}{after}"


def _medical(row: Row) -> str:
    if "medical" in row.constants:
        return "ja" if row.constants["medical"] else "–"
    return "ja, när: " + ", ".join(FACTS[name].label for name in sorted(row.computed["medical"].names))


def _joint(row: Row) -> Iterator[str]:
    for column, suffix in (("joint_always", ", alltid"), ("joint_triggered", ""), ("joint_after", ", i efterhand")):
        for code in row.constants[column] or ():
            yield f"{code}{suffix}"


def _lent(order: DelegationOrder, row: Row) -> str:
    role = row.constants["sub_delegable_to"]
    if not role:
        return "nej"
    return f"{order.roles[role].title}: {row.sub_delegation}" if row.sub_delegation else order.roles[role].title


def _appeal(row: Row) -> str:
    if "appealable" in row.computed:
        return "ja, när: " + ", ".join(FACTS[name].label.lower() for name in sorted(row.computed["appealable"].names))
    value = row.constants["appealable"]
    return "som raden som gäller i övrigt" if value is None else _yes(value)


def _condition(condition: Condition) -> str:
    name, cell = condition
    label, text = FACTS[name].label, cell.text
    if text in ("true", "false"):
        return f"{label}: {'ja' if text == 'true' else 'nej'}"
    if comparison := _COMPARISON.match(text):
        return f"{label} {_WORDS[comparison[1]]} {_amount(comparison[2])}"
    if interval := _INTERVAL.match(text):
        return f"{label} över {_amount(interval[1])} till och med {_amount(interval[2])}"
    listed = ", ".join(_listed(text))
    return f"{label}: {'annan än ' if text.startswith('not') else ''}{listed}"


def _amount(text: str) -> str:
    return f"{Decimal(text):,f}".replace(",", "\N{NO-BREAK SPACE}")


def _listed(text: str) -> list[str]:
    """Return the names that a cell counts up, or counts out."""
    return _STRING.findall(text)


def _reference(order: DelegationOrder, key: str, on_date: date) -> str:
    try:
        return order.legal_basis.reference(key, on_date).text
    except UnknownLegalBasis:
        # The key is in the registry, checked when the order was adopted, but had no meaning on this day.
        return key


def _roles(order: DelegationOrder, codes: str) -> str:
    return " eller ".join(order.roles[code].title for code in codes.split("/"))


def _participants(order: DelegationOrder, asked: Iterable[str]) -> str:
    names = []
    for participant in asked:
        role, _, qualifier = participant.partition(":")
        title = "OLG (EC_N eller AC_N)" if role == "OLG" else order.roles[role].title
        names.append(f"{title} ({_QUALIFIERS.get(qualifier, qualifier)})" if qualifier else title)
    return ", ".join(names)


def _joint_triggers(order: DelegationOrder) -> Iterator[PrintedEntry]:
    for rule in order.tables["joint_triggers"].rules:
        yield PrintedEntry(code=str(rule.outputs[0].value({})), text=" ".join(rule.annotations), who="")


def _joint_participants(order: DelegationOrder) -> Iterator[PrintedEntry]:
    for rule in order.tables["joint_participants"].rules:
        code = next(iter(rule.inputs[0].literals or ("",)))
        who = _participants(order, rule.outputs[0].value({}))
        yield PrintedEntry(code=str(code), text=" ".join(rule.annotations), who=who)


def _escalation(order: DelegationOrder) -> Iterator[PrintedEntry]:
    table = order.tables["escalation"]
    names = [output.name for output in table.outputs]
    for rule in table.rules:
        values = {name: cell.value({}) for name, cell in zip(names, rule.outputs, strict=True)}
        parties = " – ".join(", ".join(_listed(cell.text)) for cell in rule.inputs)
        who = f"{order.roles[values['resolver']].title}, {values['working_days']} arbetsdagar"
        yield PrintedEntry(code=values["step"], text=f"{parties}. {values['form']}", who=who)


def _yes(value: bool | None) -> str:
    return "–" if value is None else "ja" if value else "nej"
