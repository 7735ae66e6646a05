"""Hold the demo's past against the domain's table (8.3): how many cases and decisions it has, and which rates."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from workflow_app.modeler import histories
from workflow_app.statistics import decisions, measures, volumes
from workflow_app.statistics import selectors as statistics
from workflow_app.statistics.events import Period, Presentation
from workflow_app.statistics.measures import Share, Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table, and what is found of it."""

    name: str
    wanted: str
    found: str

    @property
    def holds(self) -> bool:
        """Tell whether as much is found as is wanted."""
        return self.wanted == self.found


def rows(*, scale: str) -> Iterator[Row]:
    """Yield each line that the table has at a scale, with what is found of it in the database."""
    content = tomllib.loads((settings.BEREDD_BPMN_DIR / histories.FILE).read_text(encoding="utf-8"))
    opened = volumes.opened()
    for raw in content["table"]:
        found = str(opened[raw["process"]]) if "process" in raw else _found(raw)
        yield Row(name=raw["row"], wanted=str(raw[scale]), found=found)


def _found(raw: Mapping[str, Any]) -> str:
    period = Period(first=raw["from"], last=raw["to"])
    if "measure" in raw:
        return _written(_MEASURES[raw["measure"]](period))
    decided = statistics.decided(period=period, case_types=[raw["case_type"]])
    return str(sum(each.decision_type in raw["decisions"] and period.holds(each.dispatched_at) for each in decided))


def _written(figure: Share | Spread | int) -> str:
    if isinstance(figure, Share):
        return f"{figure.numerator}/{figure.denominator}"
    return str(figure.mean if isinstance(figure, Spread) else figure)


def _presented(period: Period) -> list[Presentation]:
    return measures.held(statistics.presentations(forum="OPS", period=period))


#: Computed here, since a report tells nothing of small groups, and a demo may be one.
_MEASURES: Mapping[str, Callable[[Period], Share | Spread | int]] = {
    "M-01": lambda period: measures.return_and_raised_again_rate(_presented(period), period),
    "M-02": lambda period: measures.returned_case_rate(_presented(period), period),
    "M-03": lambda period: measures.returns_per_returned_case(_presented(period), period),
    "M-06": lambda period: decisions.without_deficiencies(
        decisions.first_outcomes(statistics.decided(period=period, case_types=["FTB"]), period)
    ),
    "M-10": lambda period: decisions.stages(statistics.decided(period=period, case_types=["NTS"]), period).total(),
}
