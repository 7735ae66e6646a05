"""M-06 and M-10 (domain 6.4 and 6.5): pure functions over dispatched decisions."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from workflow_app.statistics.events import Period
from workflow_app.statistics.measures import Share

NO_DEFICIENCY = "NO_DEFICIENCY"
#: Decisions that settle what a supervision found; handling decisions and what follows up a demand are others.
OUTCOMES = frozenset({NO_DEFICIENCY, "DEFICIENCY_NO_DEMAND", "DEMAND_REPORT_1", "INJUNCTION", "INJUNCTION_FINE"})
INTERVENTIONS = frozenset(
    {
        "INJUNCTION",
        "INJUNCTION_FINE",
        "BAN_AFTER",
        "REVOKE_AFTER",
        "BAN_DIRECT",
        "REVOKE_DIRECT",
        "INTERIM_BAN",
        "INTERIM_EXTEND",
        "FINE_APPLICATION",
        "PROSECUTION_REPORT",
    }
)
#: Fewer decisions than this say more of a person than of a practice.
SHOWN_FROM = 10
#: Standard errors from the whole's share: beyond these lie 5 and 0.2 % of deciders who decide as the others do.
WARNING, ALERT = Decimal("1.96"), Decimal("3.09")


class Stage(StrEnum):
    """How far a national supervision had come with a unit when it decided."""

    DEMAND_1 = "DEMAND_1"
    DEMAND_2 = "DEMAND_2"
    DEMAND_3 = "DEMAND_3"
    FINAL = "FINAL"
    INTERVENTION = "INTERVENTION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision that has left the authority."""

    case: str
    case_type: str
    decision_type: str
    decider: str
    dispatched_at: datetime

    @property
    def pseudonym(self) -> str:
        """Name the decider without telling who it is."""
        return hashlib.sha256(self.decider.encode()).hexdigest()[:6]


def first_outcomes(decided: Iterable[Decided], period: Period) -> list[Decided]:
    """Return the first outcome decision of each case, when it was dispatched in the period."""
    first: dict[str, Decided] = {}
    for each in sorted(decided, key=lambda one: one.dispatched_at):
        if each.decision_type in OUTCOMES:
            first.setdefault(each.case, each)
    return [each for each in first.values() if period.holds(each.dispatched_at)]


def without_deficiencies(outcomes: Iterable[Decided]) -> Share:
    """M-06: outcome decisions without deficiencies, of all outcome decisions."""
    types = [each.decision_type for each in outcomes]
    return Share(numerator=types.count(NO_DEFICIENCY), denominator=len(types))


def by_decider(outcomes: Iterable[Decided]) -> dict[str, Share]:
    """Return M-06 of each decider with enough decisions, under a pseudonym, lowest share first."""
    own: dict[str, list[Decided]] = {}
    for each in outcomes:
        own.setdefault(each.pseudonym, []).append(each)
    shares = {name: without_deficiencies(some) for name, some in own.items() if len(some) >= SHOWN_FROM}
    return dict(sorted(shares.items(), key=lambda item: (item[1].percent, item[0])))


def outliers(shares: Mapping[str, Share], whole: Share) -> dict[str, str]:
    """Return those outside the funnel: ``WARNING`` beyond 95 % of those who decide alike, ``ALERT`` beyond 99.8 %."""
    if not whole.denominator:
        return {}
    share = Decimal(whole.numerator) / whole.denominator
    found = {}
    for name, own in shares.items():
        error = (share * (1 - share) / own.denominator).sqrt()
        far = abs(Decimal(own.numerator) / own.denominator - share)
        if far > ALERT * error:
            found[name] = "ALERT"
        elif far > WARNING * error:
            found[name] = "WARNING"
    return found


def stages(decided: Iterable[Decided], period: Period) -> Counter[Stage]:
    """M-10: dispatched decisions by stage; the stage of a demand is its place among the demands of the same case."""
    counted: Counter[Stage] = Counter(dict.fromkeys(Stage, 0))
    demands: Counter[str] = Counter()
    for each in sorted(decided, key=lambda one: one.dispatched_at):
        stage: Stage | None = None
        if each.decision_type.startswith("DEMAND_REPORT"):
            demands[each.case] += 1
            stage = (Stage.DEMAND_1, Stage.DEMAND_2, Stage.DEMAND_3)[min(demands[each.case], 3) - 1]
        elif each.decision_type in {"FINAL_ACCEPTED", NO_DEFICIENCY}:
            stage = Stage.FINAL
        elif each.decision_type in INTERVENTIONS:
            stage = Stage.INTERVENTION
        if stage is not None and period.holds(each.dispatched_at):
            counted[stage] += 1
    return counted
