"""No figure tells of fewer than five, whatever is subtracted from whatever (R-76)."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from workflow_app.statistics import definitions
from workflow_app.statistics.events import Period
from workflow_app.statistics.measures import Share
from workflow_app.statistics.report import Group, Measure, Report, plain
from workflow_app.statistics.suppression import Hidden, narrowed, protect

counts = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30), max_size=8)
shares = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=8)


def report(*measures: Measure, case_types: tuple[str, ...] = ()) -> Report:
    return Report(
        period=Period(first=date(2026, 1, 1), last=date(2026, 12, 31)),
        forum="OPS",
        case_types=case_types,
        carry_in=False,
        measures=measures,
    )


def numbers(table: dict[str, int]) -> Measure:
    groups = tuple(Group(key=key, figure=count) for key, count in table.items())
    return Measure(definition=definitions.M_10, figure=sum(table.values()), by={"stage": groups})


def rates(table: dict[str, tuple[int, int]], definition: definitions.Definition = definitions.M_01) -> Measure:
    groups = tuple(
        Group(key=key, figure=Share(numerator=yes, denominator=yes + no)) for key, (yes, no) in table.items()
    )
    whole = Share(
        numerator=sum(yes for yes, _ in table.values()), denominator=sum(yes + no for yes, no in table.values())
    )
    return Measure(definition=definition, figure=whole, by={"case_type": groups})


def shown(measure: Measure, dimension: str) -> dict[str, object]:
    return {group.key: group.figure for group in measure.by[dimension] if not isinstance(group.figure, Hidden)}


@given(counts)
def test_r76_no_count_of_one_to_four_is_shown_or_left_by_subtraction(table: dict[str, int]) -> None:
    """R-76: with the total and every shown group known, what is left is nobody, or five and more in two groups."""
    (measure,) = protect(report(numbers(table))).measures
    seen = shown(measure, "stage")

    assert all(figure == 0 or figure >= 5 for figure in seen.values())
    if isinstance(measure.figure, Hidden):
        assert not seen
        return
    left = {key: count for key, count in table.items() if key not in seen}
    assert not 0 < sum(left.values()) < 5
    if any(0 < count < 5 for count in left.values()):
        assert len(left) >= 2


@given(shares)
def test_r76_no_share_is_of_fewer_than_five(table: dict[str, tuple[int, int]]) -> None:
    """R-76: neither as it is shown nor as what is left of the whole."""
    (measure,) = protect(report(rates(table))).measures
    seen = shown(measure, "case_type")

    assert all(sum(table[key]) == 0 or sum(table[key]) >= 5 for key in seen)
    if not isinstance(measure.figure, Hidden):
        assert not 0 < sum(sum(parts) for key, parts in table.items() if key not in seen) < 5


@given(shares, shares)
def test_r76_what_one_measure_hides_another_of_the_same_cases_does_not_tell(
    one: dict[str, tuple[int, int]], other: dict[str, tuple[int, int]]
) -> None:
    """R-76: M-01 and M-02 divide the same cases, so a group is shown in both or in neither."""
    first, second = protect(report(rates(one), rates(other, definitions.M_02))).measures

    for key in one.keys() & other.keys():
        assert (key in shown(first, "case_type")) == (key in shown(second, "case_type"))


def test_r76_a_group_large_enough_is_hidden_to_cover_a_small_one() -> None:
    """R-76: 100 - 40 - 57 would be the three."""
    (measure,) = protect(report(numbers({"a": 57, "b": 40, "c": 3}))).measures

    assert shown(measure, "stage") == {"a": 57}
    assert measure.figure == 100


def test_r76_programs_are_told_that_a_figure_is_hidden_and_nothing_of_it() -> None:
    """R-76: the JSON of ``manage.py measures``."""
    (told,) = plain(protect(report(numbers({"a": 3, "b": 1}))))["measures"]

    assert "count" not in told
    assert [set(group) for group in told["by"]["stage"]] == [{"key", "hidden"}] * 2
    assert not any(str(number) in str(told["by"]) for number, _ in combinations((3, 4), 2))


def test_r76_a_narrower_question_does_not_tell_what_the_whole_hides() -> None:
    """R-76: a group hidden to cover another is hidden also when it is asked for by itself."""
    whole = protect(report(rates({"a": (57, 143), "b": (40, 60), "c": (3, 1)})))
    alone = report(rates({"b": (40, 60)}), case_types=("b",))

    (measure,) = narrowed(alone, whole).measures
    (other,) = narrowed(report(rates({"a": (57, 143)}), case_types=("a",)), whole).measures

    assert isinstance(measure.figure, Hidden)
    assert not shown(measure, "case_type")
    assert other.figure == Share(numerator=57, denominator=200)
