"""What a case is about: the entries of the registers that it is linked to, and stays linked to (S-42)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from workflow_app.cases.errors import SubjectRefused
from workflow_app.cases.models import Case
from workflow_app.registry import selectors as registry
from workflow_app.registry.models import Register

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: The facts that name entries, which are columns of the case too; the first that is given is what the case is about.
REGISTERS: Mapping[str, Register] = {
    "unit_id": Register.SUPERVISED_UNIT,
    "licensed_person_id": Register.LICENSED_PERSON,
    "provider_id": Register.PROVIDER,
    "principal_id": Register.PRINCIPAL,
}
#: What a case of a type is about without exception, where its process links it at all.
REQUIRED: Mapping[str, str] = {
    "ETV": "unit_id",
    "NTS": "unit_id",
    "FTB": "unit_id",
    "LMA": "unit_id",
    "LSA": "unit_id",
    "EVB": "principal_id",
    "TLP": "licensed_person_id",
    "TIL": "provider_id",
}
#: The fact that says that supervision is of a municipality or region, and of no single unit (DO-037).
OF_PRINCIPAL = "of_principal"

#: Types whose every process links its cases as they are opened; the others have processes that plan for many.
AT_ONCE = frozenset({"ETV", "LMA", "LSA", "EVB", "TLP", "TIL"})


def required_of(case_type: str, facts: Mapping[str, Any]) -> str | None:
    """Return what a case cannot do without: one in supervision is about a unit, or about a principal (S-42, DO-037)."""
    if case_type == "ETV" and facts.get(OF_PRINCIPAL) is True:
        return "principal_id"
    return REQUIRED.get(case_type)


def missing(case_type: str, required: str, where: str) -> str:
    """Say that a case names nothing where it must, and what to do."""
    or_principal = ", or say that supervision is of a principal" if (case_type, required) == ("ETV", "unit_id") else ""
    return (
        f"a case of type {case_type} is linked to the register {REGISTERS[required]} (S-42), and `{required}` names"
        f" nothing {where}; choose an entry of the register{or_principal}"
    )


def see_linked(turn: Turn) -> None:
    """Refuse to open a case about nothing, whatever its process forgets. Raises ``SubjectRefused``."""
    case = turn.case
    required = required_of(case.case_type, turn.facts.values) if case.case_type in AT_ONCE else None
    if required and getattr(case, required) is None:
        raise SubjectRefused(
            f"the process opens a case of type {case.case_type} without linking it to the register"
            f" {REGISTERS[required]} (S-42); the model must do `link_unit` before anyone works"
        )


def link(turn: Turn, node: str) -> None:
    """Link the case to the entries its facts name, give what their registers say, and count its other cases.

    Raises ``SubjectRefused`` for a case that names nothing it must, or an entry that is not in force.
    """
    named = {fact: str(code) for fact in REGISTERS if (code := turn.facts.values.get(fact))}
    required = required_of(turn.case.case_type, turn.facts.values)
    if required and required not in named:
        raise SubjectRefused(missing(turn.case.case_type, required, f"at `{node}`"))
    for fact, code in named.items():
        if problem := registry.problems(REGISTERS[fact], [code], at=turn.at).get(code):
            raise SubjectRefused(f"`{fact}`: `{code[:40]}` {problem}")
    known = dict(_known(named))
    turn.facts.take(known)
    links = {fact: known.get(fact) for fact in REGISTERS}
    turn.change(**links)
    for fact, code in links.items():
        setattr(turn.case, fact, code)
    about = next((fact for fact in REGISTERS if known.get(fact)), None)
    others = Case.objects.filter(**{about: known[about]}).exclude(pk=turn.case.pk).count() if about else 0
    turn.facts.take({"earlier_cases": others})


def _known(named: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """Yield what the registers say, as facts. The register of units says whose a unit is."""
    yield from named.items()
    unit = registry.unit(named["unit_id"]) if "unit_id" in named else None
    if unit is not None:
        yield "unit_name", unit.name
        yield "unit_type", unit.kind
        yield "receives_children", unit.receives_children
        yield "provider_id", unit.provider_id
        yield "provider_name", unit.provider.name
        yield "municipality_id", unit.municipality_id
        if unit.principal is not None:
            yield "principal_id", unit.principal_id
            yield "principal_name", unit.principal.name
        return
    for fact, name in (("provider_id", "provider_name"), ("principal_id", "principal_name")):
        if fact in named:
            yield name, registry.entry(REGISTERS[fact], named[fact]).label
