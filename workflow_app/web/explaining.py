"""The order's answer to a person, as the page of a step shows it and as a refused request is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from delegation.types import Act, Verdict
from workflow_app.cases import selectors
from workflow_app.cases.beside import Answered
from workflow_app.cases.errors import NotAuthorised
from workflow_app.cases.selectors import ItemPage
from workflow_app.enforcement import explanation
from workflow_app.enforcement.explanation import Explanation
from workflow_app.orders import selectors as orders

#: Given together with the claim itself, so that lacking it keeps nobody from claiming (R-01).
GIVEN_WITH_THE_CLAIM = frozenset({"DECLARED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A verdict in words, with who may instead and which order said so."""

    words: Explanation
    who_may: tuple[str, ...]
    order_number: str
    order_sha256: str
    #: Whether the person may take the step: no reason to refuse lies with the person.
    may_claim: bool
    #: Whether the declaration that comes with the claim is all that is missing.
    lacks_declaration: bool
    #: Whether the whole of it is shown at once; for a step that anybody of a role may do, one line is enough.
    at_length: bool


def answer_to(verdict: Verdict, *, act: Act, who_may: tuple[str, ...] = ()) -> Answer:
    """Return a verdict as a page shows it."""
    words = explanation.explain(verdict, act=act)
    personal = {bar.code for bar in verdict.bars if bar.personal}
    return Answer(
        words=words,
        who_may=() if verdict.allowed else who_may,
        order_number=verdict.order_number,
        order_sha256=verdict.order_sha256,
        lacks_declaration=bool(verdict.bars) and {bar.code for bar in verdict.bars} <= GIVEN_WITH_THE_CLAIM,
        may_claim=personal <= GIVEN_WITH_THE_CLAIM,
        at_length=act is Act.DECIDE or not verdict.allowed,
    )


def answer_of(page: ItemPage) -> Answer:
    """Return the order's answer to the person looking at a step."""
    return answer_to(page.verdict, act=Act(page.row.act), who_may=page.who_may)


def answer_beside(answered: Answered) -> Answer:
    """Return the order's answer about an act beside the model's steps."""
    return answer_to(answered.verdict, act=answered.act, who_may=answered.who_may)


def refused(
    request: HttpRequest,
    refusal: NotAuthorised,
    *,
    at: datetime,
    template: str = "",
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Answer 403 with the reasons and who may instead; with a template, above the form that was sent."""
    asked = refusal.request
    who_may = selectors.who_may(asked, refusal.verdict, order=orders.order_in_force(at))
    words = {
        **(context or {}),
        "answer": answer_to(refusal.verdict, act=asked.act, who_may=who_may),
        "refusal": {
            "heading": _("The delegation order does not allow it"),
            "what": _("Your attempt is kept in the case's ledger."),
            "code": refusal.code,
        },
        "case_id": None if context else asked.case,
        "at": at,
    }
    return render(request, template or "web/refused.html", words, status=403)
