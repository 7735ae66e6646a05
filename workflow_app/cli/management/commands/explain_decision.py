"""Say who may decide what, by which row, and what comes first."""

from __future__ import annotations

import uuid
from argparse import ArgumentParser
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from delegation.duties import comes_first
from delegation.types import Act, DecisionRequest
from delegation.vocabulary import CASE_TYPES, DECISION_TYPES, FACTS
from workflow_app.cases import selectors as cases
from workflow_app.cli import output
from workflow_app.enforcement import explanation, services
from workflow_app.orders import selectors as orders
from workflow_app.orders.errors import NoOrderInForce
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation.errors import UnknownPerson

_YES_NO = {"true": True, "false": False}


class Command(BaseCommand):
    help = (
        "Explain whether a person may take a kind of decision under the order in force. The question is put as for a "
        "case whose controls have been made: `bars` says what lies with the person, the row or the facts, and "
        "`controls` what others must do first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as", dest="login", required=True, help="log-in of the person who would decide")
        parser.add_argument("--case-type", required=True, metavar="CODE", help="for example ETV")
        parser.add_argument("--decision", required=True, metavar="CODE", help="for example INJUNCTION_FINE")
        parser.add_argument("--fact", action="append", default=[], nargs="+", metavar="NAME=VALUE")
        parser.add_argument("--at", help="moment (ISO 8601 with offset); default now")
        output.add_format(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        at = output.moment(options["at"])
        facts = dict(_fact(text) for group in options["fact"] for text in group)
        found = explain(
            login=options["login"], case_type=options["case_type"], decision=options["decision"], facts=facts, at=at
        )
        self.stdout.write(output.as_json(found) if options["format"] == "json" else _as_text(found))


def explain(*, login: str, case_type: str, decision: str, facts: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Return the answer as scripts read it. Raises ``CommandError`` for a word the order does not know."""
    if case_type not in CASE_TYPES:
        raise CommandError(f"unknown case type `{case_type}`; one of {', '.join(CASE_TYPES)}")
    if decision not in DECISION_TYPES:
        raise CommandError(f"unknown decision type `{decision}`; see the delegation order for the codes")
    try:
        person = organisation.person_by_login(login)
        order = orders.order_in_force(at)
    except (UnknownPerson, NoOrderInForce) as error:
        raise CommandError(str(error)) from error
    request = DecisionRequest(
        case=str(uuid.UUID(int=0)),
        case_type=case_type,
        act=Act.DECIDE,
        actor=organisation.actor_at(person.pk, at),
        at=at,
        decision_type=decision,
        facts=facts,
        cleared=frozenset({str(person.pk)}),
    )
    verdict = services.verdict(request, order=order)
    sentences = [explanation.bar_sentence(bar) for bar in verdict.bars]
    controls = [sentence for sentence in sentences if comes_first(sentence.code, facts)]
    bars = [sentence for sentence in sentences if sentence not in controls]
    return {
        "allowed": not bars,
        "rule": verdict.rule,
        "row": verdict.requirements.row if verdict.requirements else None,
        "order_version": verdict.order_number,
        "lowest_role": verdict.lowest_role,
        "bars": [_sentence(sentence) for sentence in bars],
        "controls": [_sentence(sentence) for sentence in controls],
        "who_may": list(cases.who_may(request, verdict, order=order)),
    }


def _sentence(sentence: explanation.Sentence) -> dict[str, str]:
    return {"code": sentence.code, "rule_id": sentence.rule_id, "text": sentence.text}


def _fact(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or name not in FACTS:
        raise CommandError(f"`{text}` states no fact; write NAME=VALUE with one of {', '.join(sorted(FACTS))}")
    kind = FACTS[name].type
    if kind == "boolean":
        if value.lower() not in _YES_NO:
            raise CommandError(f"`{text}`: `{name}` is true or false")
        return name, _YES_NO[value.lower()]
    if kind == "number":
        try:
            return name, Decimal(value)
        except InvalidOperation as error:
            raise CommandError(f"`{text}`: `{name}` is a number") from error
    return name, value.split(",") if kind == "list" else value


def _as_text(found: dict[str, Any]) -> str:
    lines = [
        f"{'ALLOWED' if found['allowed'] else 'NOT ALLOWED'} under {found['rule'] or 'no row'}"
        f" of order {found['order_version']}; lowest role {found['lowest_role'] or '-'}"
    ]
    lines += [f"  bar      {item['rule_id']:5} {item['text']}" for item in found["bars"]]
    lines += [f"  first    {item['rule_id']:5} {item['text']}" for item in found["controls"]]
    lines += [f"  may      {name}" for name in found["who_may"]]
    return "\n".join(lines)
