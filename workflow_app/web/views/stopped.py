"""Pages for requests that go no further: what happened, and what to do."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def stopped(
    request: HttpRequest, *, status: int, heading: str, what: str, help_text: str = "", code: str = ""
) -> HttpResponse:
    """Draw a page that says why the request stopped. Nothing has been changed."""
    context = {"heading": heading, "what": what, "help": help_text, "code": code}
    return render(request, "web/stopped.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read."""
    if isinstance(exception, RequestDataTooBig):
        return stopped(
            request,
            status=413,
            heading=_("The form is too large"),
            what=_("What you sent is larger than one megabyte, so it was not read. Nothing has been changed."),
            help_text=_("Go back: your text is still in the form. Shorten it, or add long material as evidence."),
            code="TOO_LARGE",
        )
    if isinstance(exception, TooManyFieldsSent):
        what = _("The request has more fields than any form here. Nothing has been changed.")
    else:
        what = _("The request could not be read. Nothing has been changed.")
    return stopped(
        request,
        status=400,
        heading=_("The request could not be read"),
        what=what,
        help_text=_("Load the page again and fill in the form shown."),
        code="BAD_REQUEST",
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request for something that is not the person's to see."""
    return stopped(
        request,
        status=403,
        heading=_("You may not see this"),
        what=_("The page holds something that you have no task or right in."),
        help_text=_("If you need it for your work, ask the person responsible for the case."),
        code="FORBIDDEN",
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was not sent from a page of ours, or from a page opened before the last log-in."""
    return stopped(
        request,
        status=403,
        heading=_("The page is too old"),
        what=_("The form was opened before you last logged in, so it was not accepted. Nothing has been changed."),
        help_text=_("Go back, load the page again and send the form once more."),
        code="CSRF",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return stopped(
        request,
        status=404,
        heading=_("The page does not exist"),
        what=_("There is nothing at this address, or it is not yours to see."),
        code="NOT_FOUND",
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when the fault is ours."""
    return stopped(
        request,
        status=500,
        heading=_("Something went wrong in Beredd"),
        what=_("The fault is ours. Nothing has been changed."),
        help_text=_("Try again in a moment. If it happens again, tell the system's administrator when it happened."),
        code="INTERNAL",
    )


def locked_out(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """Answer a log-in after too many wrong attempts."""
    return stopped(
        request,
        status=429,
        heading=_("The account is locked"),
        what=_("There have been too many wrong attempts to log in from here."),
        help_text=_("Wait an hour, or ask the system's administrator."),
        code="LOCKED_OUT",
    )
