"""Every page and where it is."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from workflow_app.web.views import session

urlpatterns = [
    path("login/", session.LogIn.as_view(), name="login"),
    path("logout/", session.LogOut.as_view(), name="logout"),
    path("language/", set_language, name="language"),
    path("accessibility/", session.accessibility, name="accessibility"),
]
