"""Why nobody is left to decide, in words: one sentence for each step and each rule that stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.translation import gettext, gettext_noop

from delegation.staffing import AtMost, Binding, Shortage
from delegation.types import Act
from workflow_app.enforcement.explanation import role_name

#: More names than this say nothing.
_MOST_NAMES: Final = 3
_STEPS: Final[Mapping[str, str]] = {
    Act.PREPARE: gettext_noop("prepare the proposal"),
    Act.REVIEW: gettext_noop("review the proposal with four eyes"),
    Act.CONSULT: gettext_noop("give the opinion that %(role)s is asked for"),
    Act.ANSWER: gettext_noop("answer in joint preparation %(role)s"),
    Act.PRESENT: gettext_noop("present the case"),
    Act.DECIDE: gettext_noop("decide as %(role)s or above"),
    Act.HANDLE: gettext_noop("settle the disagreement as %(role)s or above"),
}


def step_words(step: str) -> str:
    """Return what a step of a plan is, as what somebody does."""
    act, _, role = step.partition(":")
    named = role if Act(act) is Act.ANSWER else role_name(role)
    return gettext(_STEPS[act]) % {"role": named}


def reasons(shortage: Shortage, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return why nobody is left: who alone can do each step, and what keeps them from doing more than one."""
    return (*_steps(shortage, names), *_constraints(shortage))


def _steps(shortage: Shortage, names: Mapping[str, str]) -> Iterator[str]:
    for step in shortage.steps:
        words = {"step": step_words(step.id), "number": len(step.people)}
        if not step.people:
            yield gettext("Nobody who is here may %(step)s.") % words
        elif len(step.people) <= _MOST_NAMES:
            who = ", ".join(sorted(names.get(person, person) for person in step.people))
            yield gettext("Only %(who)s may %(step)s.") % {**words, "who": who}
        else:
            yield gettext("Only %(number)s persons may %(step)s.") % words


def _constraints(shortage: Shortage) -> Iterator[str]:
    for constraint in shortage.constraints:
        rule = {"rule": constraint.rule_id}
        if isinstance(constraint, AtMost):
            steps = ", ".join(step_words(step) for step in sorted(constraint.steps))
            told = {**rule, "steps": steps, "number": constraint.persons}
            yield gettext("At most %(number)s persons may do these between them: %(steps)s (%(rule)s).") % told
            continue
        both = {**rule, "one": step_words(constraint.a), "other": step_words(constraint.b)}
        if isinstance(constraint, Binding):
            yield gettext("The same person must %(one)s and %(other)s (%(rule)s).") % both
        else:
            yield gettext("One person may not both %(one)s and %(other)s (%(rule)s).") % both
