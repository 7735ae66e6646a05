"""Log in and out, and choose a language."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


class LogIn(LoginView):
    """Let a person in by user name and password; wrong attempts are counted and lock the account."""

    template_name = "web/login.html"
    redirect_authenticated_user = True


class LogOut(LogoutView):
    """End the session."""


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return render(request, "web/accessibility.html")
