"""The measures of one period put together, whole and by dimension, each with its definition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflow_app.cases.second_eyes import Looked, Remark
from workflow_app.statistics import decisions, definitions, measures, reciprocity
from workflow_app.statistics.decisions import Decided, Stage
from workflow_app.statistics.definitions import Definition
from workflow_app.statistics.events import ZONE, Period, Presentation, Review
from workflow_app.statistics.measures import Share, Spread
from workflow_app.statistics.reciprocity import Approval, Chance
from workflow_app.statistics.suppression import SMALLEST, Hidden

Figure = Share | Spread | int | Hidden
Dimension = Callable[[Presentation], str]

#: How M-01 to M-04 can be divided; a case belongs to the group of its first presentation in the period.
DIMENSIONS: Mapping[str, Dimension] = {
    "case_type": lambda presentation: presentation.case_type,
    "step": lambda presentation: presentation.step,
    "month": lambda presentation: f"{presentation.at.astimezone(ZONE):%Y-%m}",
}
#: How M-05's returns can be divided.
RETURN_DIMENSIONS: Mapping[str, Callable[[Review], str]] = {
    "case_type": lambda review: review.case_type,
    "step": lambda review: review.step,
    "level": lambda review: review.level.value,
    "month": lambda review: review.month,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A figure for one value of a dimension."""

    key: str
    figure: Figure
    #: ``WARNING`` or ``ALERT`` for a figure that chance alone hardly explains.
    alert: str = ""
    chance: Chance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure: its definition, its figure and the same figure for each group."""

    definition: Definition
    figure: Figure
    by: Mapping[str, tuple[Group, ...]]
    #: In the figure's own unit, which for a share is percent.
    chance: Chance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Every measure of one period at one forum."""

    period: Period
    forum: str
    case_types: tuple[str, ...]
    carry_in: bool
    measures: tuple[Measure, ...]

    def measure(self, id: str) -> Measure:
        """Return the measure with this id, for example ``M-01``."""
        return next(measure for measure in self.measures if measure.definition.id == id)


def compile_report(
    *,
    presentations: Sequence[Presentation],
    reviews: Sequence[Review],
    decided: Sequence[Decided] = (),
    approvals: Sequence[Approval] = (),
    looked: Sequence[Looked] = (),
    period: Period,
    forum: str,
    case_types: tuple[str, ...] = (),
    carry_in: bool = False,
) -> Report:
    """Compute every measure from what was recorded."""
    kept = measures.held(presentations)

    def rate_again(some: Sequence[Presentation]) -> Figure:
        return measures.return_and_raised_again_rate(some, period, carry_in=carry_in)

    def divided(definition: Definition, compute: Callable[[Sequence[Presentation]], Figure]) -> Measure:
        by = {
            name: tuple(
                Group(key=key, figure=compute(some))
                for key, some in measures.by_first_presentation(kept, period, key_of).items()
            )
            for name, key_of in DIMENSIONS.items()
        }
        return Measure(definition=definition, figure=compute(kept), by=by)

    return Report(
        period=period,
        forum=forum,
        case_types=case_types,
        carry_in=carry_in,
        measures=(
            divided(definitions.M_01, rate_again),
            divided(definitions.M_02, lambda some: measures.returned_case_rate(some, period)),
            divided(definitions.M_03, lambda some: measures.returns_per_returned_case(some, period)),
            divided(definitions.M_04, lambda some: measures.days_to_next_presentation(some, period)),
            _reasons(reviews, period),
            _levels(reviews, period),
            _without_deficiencies(decided, period),
            _stages(decided, period),
            _remarks(looked),
            _reciprocity(approvals, period),
        ),
    )


def _reasons(reviews: Sequence[Review], period: Period) -> Measure:
    by_reason = measures.returns_by_reason(reviews, period)
    by = {"reason": _groups(by_reason)}
    for name, key_of in RETURN_DIMENSIONS.items():
        counted = Counter(key_of(each) for each in reviews if each.returned and period.holds(each.at))
        by[name] = tuple(Group(key=key, figure=number) for key, number in sorted(counted.items()))
    return Measure(definition=definitions.M_05, figure=by_reason.total(), by=by)


def _levels(reviews: Sequence[Review], period: Period) -> Measure:
    rates = measures.return_rate_by_level(reviews, period)
    total = Share(
        numerator=sum(rate.numerator for rate in rates.values()),
        denominator=sum(rate.denominator for rate in rates.values()),
    )
    by = {"level": tuple(Group(key=level.value, figure=rate) for level, rate in rates.items())}
    return Measure(definition=definitions.LEVELS, figure=total, by=by)


def _without_deficiencies(decided: Sequence[Decided], period: Period) -> Measure:
    outcomes = decisions.first_outcomes((each for each in decided if each.case_type == "FTB"), period)
    whole, shares = decisions.without_deficiencies(outcomes), decisions.by_decider(outcomes)
    outside = decisions.outliers(shares, whole)
    groups = tuple(Group(key=name, figure=share, alert=outside.get(name, "")) for name, share in shares.items())
    return Measure(definition=definitions.M_06, figure=whole, by={"decider": groups})


def _stages(decided: Sequence[Decided], period: Period) -> Measure:
    counted = decisions.stages((each for each in decided if each.case_type == "NTS"), period)
    groups = tuple(Group(key=stage.value, figure=counted[stage]) for stage in Stage)
    return Measure(definition=definitions.M_10, figure=counted.total(), by={"stage": groups})


def _remarks(looked: Sequence[Looked]) -> Measure:
    def share(some: Sequence[Looked], kind: Remark | None = None) -> Share:
        told = [each for each in some if (kind in each.remarks if kind else each.remarks)]
        return Share(numerator=len(told), denominator=len(some))

    types = sorted({each.case_type for each in looked})
    by = {
        "remark": tuple(Group(key=kind.value, figure=share(looked, kind)) for kind in Remark),
        "case_type": tuple(
            Group(key=code, figure=share([each for each in looked if each.case_type == code])) for code in types
        ),
    }
    return Measure(definition=definitions.REVIEWS, figure=share(looked), by=by)


def _reciprocity(approvals: Sequence[Approval], period: Period) -> Measure:
    found = reciprocity.reciprocity(approvals, period)
    groups = tuple(
        Group(
            key=pair.pseudonym,
            figure=pair.approvals,
            alert=pair.alert,
            chance=Chance(expected=pair.expected, low=Decimal(0), high=Decimal(pair.most_by_chance)),
        )
        for pair in found.pairs
    )
    return Measure(definition=definitions.RECIPROCITY, figure=found.share, by={"pair": groups}, chance=found.chance)


def _groups(counted: Counter[str]) -> tuple[Group, ...]:
    return tuple(Group(key=key, figure=number) for key, number in counted.most_common())


def plain(report: Report) -> dict[str, Any]:
    """Return the report as plain data with stable names, for programs."""
    return {
        "period": {"from": report.period.first.isoformat(), "to": report.period.last.isoformat()},
        "forum": report.forum,
        "case_types": list(report.case_types),
        "carry_in": report.carry_in,
        "counting": str(definitions.COUNTING),
        "measures": [
            {
                "id": measure.definition.id,
                "name": str(measure.definition.name),
                "definition": str(measure.definition.text),
                "warning": str(measure.definition.warning),
                **_plain_figure(measure.figure),
                **_by_chance(measure.chance),
                "by": {name: [_plain_group(group) for group in groups] for name, groups in measure.by.items()},
            }
            for measure in report.measures
        ],
    }


def _plain_group(group: Group) -> dict[str, Any]:
    alert = {"alert": group.alert} if group.alert else {}
    return {"key": group.key, **alert, **_plain_figure(group.figure), **_by_chance(group.chance)}


def _by_chance(chance: Chance | None) -> dict[str, Any]:
    if chance is None:
        return {}
    return {"by_chance": {"expected": str(chance.expected), "low": str(chance.low), "high": str(chance.high)}}


def _plain_figure(figure: Figure) -> dict[str, Any]:
    if isinstance(figure, Share):
        return {
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "percent": _text(figure.percent),
            "shown": None if figure.whole_percent is None else f"{figure.whole_percent} %",
        }
    if isinstance(figure, Spread):
        return {
            "count": figure.count,
            "total": figure.total,
            "mean": _text(figure.mean),
            "median": _text(figure.median),
            "p90": figure.p90,
            "max": figure.largest,
        }
    if isinstance(figure, Hidden):
        return {"hidden": f"fewer than {SMALLEST}, or would tell a group that is (R-76)"}
    return {"count": figure}


def _text(number: object) -> str | None:
    return None if number is None else str(number)
