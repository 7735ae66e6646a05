"""Expected refusals in words: from a stable code to what happened and what to do. Status codes live here only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from workflow_app.appointments.errors import AppointmentError
from workflow_app.cases.errors import CaseError, FormRefused, LeavesNobody, Problem
from workflow_app.engine.errors import EngineError
from workflow_app.letters.errors import LetterError
from workflow_app.orders.errors import OrderError
from workflow_app.organisation.errors import OrganisationError
from workflow_app.registry.errors import RegistryError
from workflow_app.web import who_is_left
from workflow_app.web.forms.errors import FormError, UnknownField
from workflow_app.web.forms.fields import swedish_number
from workflow_app.worklist.errors import WorklistError

#: Everything that a command may refuse with, besides ``NotAuthorised``, which carries its own explanation.
EXPECTED = (
    CaseError,
    AppointmentError,
    OrganisationError,
    EngineError,
    OrderError,
    RegistryError,
    LetterError,
    WorklistError,
    FormError,
)

#: What ``cases`` says about single fields; here so that the sentences are translated.
_FIELD_PROBLEMS = (
    gettext_noop("must be filled in"),
    gettext_noop("must be ticked"),
    gettext_noop("must be a text"),
    gettext_noop("must be a number"),
    gettext_noop("must be a date"),
    gettext_noop("must be yes or no"),
    gettext_noop("is not one of the choices"),
    gettext_noop("is too large"),
    gettext_noop("must be a list of rows"),
    gettext_noop("needs at least %(least)s rows"),
    gettext_noop("may have at most %(most)s rows"),
    gettext_noop("may have at most %(most)s decimals"),
    gettext_noop("must be at least %(least)s"),
    gettext_noop("must be at most %(most)s"),
    gettext_noop("is %(length)s characters long; at most %(most)s are allowed"),
    gettext_noop("holds a character that no text has (%(name)s); remove it"),
    gettext_noop("holds something that is not one of the choices"),
    gettext_noop("names somebody whom the case does not have"),
    gettext_noop("the form has no such field"),
    gettext_noop("is not the number of any case"),
    gettext_noop("is not in the register; search for the name and choose from the list"),
    gettext_noop("is not in force on that day; choose another from the register"),
    gettext_noop("a return needs exactly one primary reason (R-26)"),
    gettext_noop("a decision states its reasons (FL 32 §, R-68)"),
    gettext_noop("is %(least)s or more by the record; state it, and whether the basis still holds"),
    gettext_noop("must lie ahead, and no further than such an exception may last"),
    gettext_noop("lies ahead; write when it was said"),
    gettext_noop("says the same as the decision; write what it should have said"),
    gettext_noop("a review answers its checklist (R-23)"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What a page says about a refused request."""

    code: str
    status: int
    heading: str
    what: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    status: int
    heading: str | Promise
    what: str | Promise
    help: str | Promise = ""


_REFUSALS = {
    "UNKNOWN_CASE": _Words(404, _("It does not exist"), _("There is no such case or task, or it is not yours to see.")),
    "CONTENT_CLOSED": _Words(
        403,
        _("The content of the case is not open to you"),
        _("You may know that there is such a case, but not what is in it (R-73). The attempt has been recorded."),
        _("Take a step in the case, or ask the head of its case type."),
    ),
    "IDENTITY_CLOSED": _Words(
        403,
        _("The name is not open to you"),
        _("Whom a pseudonym stands for takes a right of its own (R-74). The attempt has been recorded."),
        _("Ask the head of the case type, who can let you read it for a time."),
    ),
    "WALL_REFUSED": _Words(
        403,
        _("The need-to-know list stays as it is"),
        _("A deputy chief jurist, the chief jurist or GD on the list keeps it (R-75). The attempt has been recorded."),
        _("Ask one of them."),
    ),
    "EXCEPTION_REFUSED": _Words(
        403,
        _("Nobody is let in"),
        _("You may not let that person in, or end it. The attempt has been recorded (R-73)."),
        _("Ask the head of the case type. Whoever is let in needs an account and must not be in conflict of interest."),
    ),
    "NOTHING_TO_CORRECT": _Words(
        409,
        _("There is nothing to correct"),
        _("The decision has not left the authority, or the correction does not stand where you thought."),
        _("Open the decision to see where it stands now."),
    ),
    "EXPORT_REFUSED": _Words(
        409,
        _("The material is not handed over"),
        _("What you chose does not belong to the case. Nothing was handed over."),
        _("Load the page again and choose from the list."),
    ),
    "UNKNOWN_LETTER": _Words(404, _("It does not exist"), _("There is no such letter, or it is not yours to see.")),
    "NOT_OPEN": _Words(
        409,
        _("The task is no longer open"),
        _("Somebody has done it, or the case has gone another way."),
        _("Open the case to see where it stands now."),
    ),
    "PROPOSAL_UNDER_WAY": _Words(
        409,
        _("Another proposal comes first"),
        _("Another proposal of the case is being examined or decided."),
        _("Save what you have written. Go on when its decision has been dispatched, or when it has been returned."),
    ),
    "TOO_EARLY": _Words(
        409,
        _("There is still time to answer"),
        _("A participant is found unheard when the time to answer has passed, and not before."),
    ),
    "LEAVES_NOBODY": _Words(
        409,
        _("If you take this step nobody is left for a later one"),
        _("You are needed where the duties ask for somebody other than who does this step:"),
        _("Leave the step to somebody who is not needed later, or ask the head of the case type."),
    ),
    "CASE_CLOSED": _Words(409, _("The case is closed"), _("Nothing more can be done in it.")),
    "ALREADY_CLAIMED": _Words(
        409,
        _("The task is already taken"),
        _("Another person took it before you."),
        _("Choose another task in the worklist."),
    ),
    "NOT_CLAIMED": _Words(
        409,
        _("The task is not yours"),
        _("Only the person who has taken a task can do it."),
        _("Take it in the worklist first."),
    ),
    "STALE_EDIT": _Words(
        409,
        _("The case changed while you were writing"),
        _("The page you wrote on no longer shows the case as it is."),
        _("Compare, and send again if what you wrote still holds."),
    ),
    "DRAFT_TOO_LARGE": _Words(
        413,
        _("The draft is too large"),
        _("What you have written is larger than any form, so it was not kept."),
        _("Your text is still on the page. Shorten it, or add long material as evidence."),
    ),
    "DECLARATION_MISSING": _Words(
        409,
        _("Declare first whether you may have a conflict of interest"),
        _("Nobody takes part in a case before such a declaration exists (R-01)."),
    ),
    "TOO_LATE": _Words(
        409, _("It is too late"), _("The decision has been dispatched, or you did not take part in it.")
    ),
    "NOTHING_TO_RULE_ON": _Words(
        409,
        _("No circumstance waits for a ruling"),
        _("Nobody has declared one, or somebody has ruled on it before you."),
        _("Open the case to see where it stands now."),
    ),
    "NOTHING_TO_AMEND": _Words(
        409,
        _("There is no proposal to amend"),
        _("None has been written yet, or the one there was has been decided."),
        _("Open the case to see where it stands now."),
    ),
    "UNKNOWN_FIELD": _Words(
        400,
        _("The form does not have that field"),
        _("What you sent holds a field that is not in the form, so none of it was accepted:"),
        _("Send the form again as it is shown here."),
    ),
    "FORM_REFUSED": _Words(400, _("The form does not hold"), _("Something in the form was not accepted.")),
    "SUBJECT_REFUSED": _Words(
        409,
        _("The case is about nothing in the registers"),
        _("A case of this type is linked to the unit, provider, municipality or person that it is about (S-42)."),
        _("Choose an entry that is in force in its register."),
    ),
    "NOT_PLANNED": _Words(
        409,
        _("There is nothing to plan, or a plan is being made"),
        _("Inspectors are proposed in the case of a yearly plan, once its homes are laid down, one plan at a time."),
        _("Load the page again in a while."),
    ),
    "NOT_YOURS": _Words(
        403,
        _("Somebody else asks for plans"),
        _("Heads of unit and project leaders of the case type do."),
    ),
    "UNKNOWN_ENTRY": _Words(404, _("It does not exist"), _("There is no such register or entry.")),
    "UNKNOWN_FILE": _Words(
        404, _("The file is not here"), _("No file that you have checked waits to be imported."), _("Send it again.")
    ),
    "REGISTER_CHANGED": _Words(
        409,
        _("The register has changed"),
        _("Another file has been imported since this one was checked. Nothing of yours was imported."),
        _("Check the file again and see what it would change now."),
    ),
    "NOT_REGISTRAR": _Words(
        403,
        _("Only a registrar imports registers"),
        _("You hold no appointment as registrar. The attempt has been recorded (S-44)."),
        _("Hand the file to a registrar."),
    ),
    "NOT_DISQUALIFIED": _Words(
        409, _("The person has no conflict of interest here"), _("Then the step is taken as any other.")
    ),
    "NOT_NECESSARY": _Words(
        409,
        _("The step cannot be done in spite of a conflict"),
        _("Nobody reviews, advises, answers, presents or decides in spite of a conflict of interest (R-05)."),
    ),
    "RULINGS_CLOSED": _Words(
        403,
        _("You do not search rulings"),
        _("Only those who assess circumstances, and internal audit, read rulings on conflict of interest (R-07)."),
    ),
    "UNKNOWN_GRANT": _Words(404, _("It does not exist"), _("There is no such right or absence.")),
    "NOTHING_TO_END": _Words(
        409,
        _("It is over already"),
        _("Somebody has revoked it before you, or its time has run out."),
    ),
    "APPOINTMENT_REFUSED": _Words(
        403,
        _("The delegation order does not allow it"),
        _("Your attempt has been recorded. The reasons:"),
    ),
    "NO_ORDER_IN_FORCE": _Words(
        409,
        _("No delegation order is in force"),
        _("Without an order in force nobody may decide anything."),
        _("Tell the editor of the delegation order."),
    ),
}


def of(error: Exception) -> Refusal:
    """Return the words for an expected refusal."""
    code = str(getattr(error, "code", "REFUSED"))
    words = _REFUSALS.get(code)
    if words is None:
        # The message of an expected error names what and where, and holds no personal data.
        return Refusal(code=code, status=409, heading=gettext("The request was refused"), what=str(error))
    what = str(words.what)
    if isinstance(error, UnknownField):
        what = f"{what} {', '.join(error.shown)}"
    elif isinstance(error, LeavesNobody):
        what = f"{what} {' '.join(who_is_left.reasons(error.shortage))}"
    return Refusal(code=code, status=words.status, heading=str(words.heading), what=what, help=str(words.help))


def field_problems(error: FormRefused) -> dict[str, str]:
    """Return what is wrong with each field, in the page's language."""
    return {key: _in_words(problem) for key, problem in error.problems.items()}


def _in_words(problem: str) -> str:
    if not isinstance(problem, Problem):
        return gettext(problem)
    figures = {
        name: swedish_number(Decimal(figure)) if isinstance(figure, Decimal | int) else figure
        for name, figure in problem.figures.items()
    }
    return gettext(problem.sentence) % figures


def page(
    request: HttpRequest, error: Exception, *, template: str = "", context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Draw the refusal: above the form that was sent, so that nothing typed is lost, or on a page of its own."""
    refusal = of(error)
    if template:
        return render(request, template, {**(context or {}), "refusal": refusal}, status=refusal.status)
    words = {"heading": refusal.heading, "what": refusal.what, "help": refusal.help, "code": refusal.code}
    return render(request, "web/stopped.html", words, status=refusal.status)
