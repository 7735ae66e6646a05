"""What can be wrong with an order or with a question to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class DelegationError(Exception):
    """Something in a delegation order or a question to it can't be used."""

    code = "delegation_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFinding:
    """One fault in a bundle, in Swedish because the order's editors read it."""

    code: str
    #: File of the bundle.
    file: str
    #: Row, column or file that must be changed.
    element: str
    text: str


class OrderRefused(DelegationError):
    """The bundle breaks the order's own rules; it can't be adopted."""

    code = "order_refused"

    def __init__(self, findings: Iterable[OrderFinding]) -> None:
        self.findings = tuple(findings)
        lines = "; ".join(f"{finding.file}, {finding.element}: {finding.text}" for finding in self.findings)
        super().__init__(f"the order can't be adopted: {lines}")


class NoRow(DelegationError):
    """No row of the order covers the decision."""

    code = "no_row"

    def __init__(self, *, case_type: str, decision_type: str) -> None:
        self.case_type = case_type
        self.decision_type = decision_type
        super().__init__(
            f"no row of the order covers `{decision_type}` in `{case_type}`; "
            f"choose a decision from the case type's list or have the order changed"
        )


class ConflictingRows(DelegationError):
    """Several rows match where one must decide: a defect of the order."""

    code = "conflicting_rows"

    def __init__(self, rows: Iterable[str]) -> None:
        self.rows = tuple(rows)
        super().__init__(f"the rows {' and '.join(self.rows)} match at once; one of them must be narrowed")


class Unevaluable(DelegationError):
    """A condition needs facts that are missing or of the wrong kind."""

    code = "unevaluable"

    def __init__(self, facts: Iterable[str]) -> None:
        self.facts = tuple(facts)
        super().__init__(f"the facts {', '.join(self.facts)} are missing or unreadable; state them in the case")


class UnknownRole(DelegationError):
    """A role that the order's role table doesn't have."""

    code = "unknown_role"

    def __init__(self, role: str) -> None:
        self.role = role
        super().__init__(f"the order has no role `{role}`; see roles.dmn")


class UnknownLegalBasis(DelegationError):
    """A legal basis that the registry doesn't have on the day asked about."""

    code = "unknown_legal_basis"

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"the registry has no legal basis `{key}` on that day; see legal_basis.toml")


class NoResolver(DelegationError):
    """Nobody stands above the disagreeing parties."""

    code = "no_resolver"

    def __init__(self, parties: Iterable[str]) -> None:
        self.parties = tuple(parties)
        super().__init__(f"nobody stands above {' and '.join(self.parties)}; the director-general decides the case")


class UnknownStep(DelegationError):
    """A constraint names a step that the plan does not have."""

    code = "unknown_step"

    def __init__(self, step: str) -> None:
        self.step = step
        super().__init__(f"the plan has no step `{step}`; name one of its steps or leave the constraint out")
