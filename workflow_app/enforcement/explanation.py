"""A verdict in words: one sentence for every bar and duty, in the reader's language.

English message ids, translated through gettext. A code without a sentence is a fault that a test finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.utils.translation import get_language, gettext, override

from delegation.types import Act, Bar, Duty, Verdict
from delegation.vocabulary import DECISION_TYPES, FACTS
from workflow_app.enforcement import sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One reason in words."""

    code: str
    #: Rule of the catalogue, ``R-nn``.
    rule_id: str
    text: str
    met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A verdict as a person reads it: a headline, the reasons, and who may instead."""

    allowed: bool
    headline: str
    #: Why not, when refused; else why, duty by duty.
    reasons: tuple[Sentence, ...]
    #: Every control that the row asks for, met or not.
    duties: tuple[Sentence, ...]
    #: ``DO-nnn`` and the id of the matching row, when one covers the decision.
    rule: str | None
    row: str | None
    #: The lowest level that may decide, in words; ``None`` when the order can't say.
    lowest_level: str | None


def explain(verdict: Verdict, *, act: Act = Act.DECIDE) -> Explanation:
    """Return a verdict in the active language."""
    language = get_language()
    duties = tuple(_sentence(language, one.code, one.rule_id, one.met, one.params) for one in verdict.duties)
    if verdict.allowed:
        permit = verdict.permit
        reasons = (_acting(language, permit.role), *duties) if permit else duties
    else:
        reasons = tuple(_sentence(language, bar.code, bar.rule_id, False, bar.params) for bar in verdict.bars)
    lowest = verdict.lowest_role
    return Explanation(
        allowed=verdict.allowed,
        headline=_headline(verdict, act),
        reasons=reasons,
        duties=duties,
        rule=verdict.rule,
        row=verdict.requirements.row if verdict.requirements else None,
        lowest_level=_lowest_level(language, lowest) if lowest and act is Act.DECIDE else None,
    )


def bar_sentence(bar: Bar) -> Sentence:
    """Return a reason to refuse in words."""
    return _sentence(get_language(), bar.code, bar.rule_id, False, bar.params)


def duty_sentence(duty: Duty) -> Sentence:
    """Return a control in words, met or not."""
    return _sentence(get_language(), duty.code, duty.rule_id, duty.met, duty.params)


@lru_cache(maxsize=256)
def _acting(language: str, role: str) -> Sentence:
    with override(language):
        text = gettext("You act as %(role)s.") % {"role": role_name(role)}
    return Sentence(code="ROLE", rule_id="R-09", text=text, met=True)


@lru_cache(maxsize=256)
def _lowest_level(language: str, role: str) -> str:
    with override(language):
        return gettext("The lowest level that may decide is %(role)s.") % {"role": role_name(role)}


@lru_cache(maxsize=4096)
def _sentence(language: str, code: str, rule_id: str, met: bool, params: tuple[tuple[str, str], ...]) -> Sentence:
    """Return one sentence in a language; the same few are read again and again."""
    message = sentences.BARS[code] if code in sentences.BARS else sentences.DUTIES[code][0 if met else 1]
    with override(language):
        text = gettext(message) % _params(params)
    return Sentence(code=code, rule_id=rule_id, text=text, met=met)


def role_name(code: str) -> str:
    """Return a role or participant in words: ``EC_N``, ``INSP/HL``, ``EC_N:FTB``."""
    if "/" in code:
        one, _, other = code.partition("/")
        return gettext("%(one)s or %(other)s") % {"one": role_name(one), "other": role_name(other)}
    role, _, qualifier = code.partition(":")
    name = gettext(sentences.ROLES[role]) if role in sentences.ROLES else role
    if qualifier == "OTHER":
        return gettext("%(role)s in another case type") % {"role": name}
    if qualifier == "ANY":
        return gettext("%(role)s in any case type") % {"role": name}
    if qualifier:
        return gettext("%(role)s in %(case_type)s") % {"role": name, "case_type": qualifier}
    return name


def _headline(verdict: Verdict, act: Act) -> str:
    if act is not Act.DECIDE:
        return (
            gettext("You may do this step, because:")
            if verdict.allowed
            else gettext("You may not do this step, because:")
        )
    row = verdict.requirements
    if row is None:
        return gettext("You may not decide, because:")
    rule = row.rule
    if row.via is not None:
        rule = gettext("%(rule)s, referred to by %(via)s") % {"rule": row.rule, "via": row.via}
    if verdict.allowed:
        return gettext("You may decide under %(rule)s, because:") % {"rule": rule}
    return gettext("You may not decide under %(rule)s, because:") % {"rule": rule}


def _params(params: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {name: _WORDS[name](value) if name in _WORDS else value for name, value in params}


def _role_list(codes: str) -> str:
    return ", ".join(role_name(code) for code in codes.replace(",", " ").split())


def _fact_list(names: str) -> str:
    """Name the facts as the forms do, with the name that rules and commands use."""
    return ", ".join(
        f"{FACTS[name].label} ({name})" if name in FACTS else name for name in names.replace(",", " ").split()
    )


def _decision(code: str) -> str:
    return f"{DECISION_TYPES[code]} ({code})" if code in DECISION_TYPES else code


_WORDS: Final = {
    "role": role_name,
    "lowest_role": role_name,
    "jurist_role": role_name,
    "participant": role_name,
    "step_role": _role_list,
    "missing": _role_list,
    "facts": _fact_list,
    "decision_type": _decision,
}
