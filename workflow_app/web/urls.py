"""Every page and where it is."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from workflow_app.web.views import (
    cases,
    conflicts,
    decisions,
    drafts,
    hand_over,
    items,
    letters,
    measures,
    notices,
    orders,
    proposals,
    registers,
    session,
    stories,
    worklist,
)

urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("items/<uuid:item>/", items.item, name="item"),
    path("items/<uuid:item>/claim/", worklist.claim, name="claim"),
    path("items/<uuid:item>/release/", worklist.release, name="release"),
    path("items/<uuid:item>/hand-over/", hand_over.hand_over, name="hand-over"),
    path("items/<uuid:item>/preview/", items.preview, name="preview"),
    path("items/<uuid:item>/draft/", drafts.draft, name="draft"),
    path("cases/", cases.cases, name="cases"),
    path("cases/new/", cases.new_case, name="new-case"),
    path("cases/new/preview/", cases.new_case_preview, name="new-case-preview"),
    path("cases/<uuid:case>/", cases.case, name="case"),
    path("cases/<uuid:case>/circumstance/", conflicts.circumstance, name="circumstance"),
    path("cases/<uuid:case>/conflict/", conflicts.conflict, name="conflict"),
    path("cases/<uuid:case>/conflict/advice/", conflicts.advise, name="conflict-advice"),
    path("cases/<uuid:case>/conflict/ruling/", conflicts.rule, name="conflict-ruling"),
    path("cases/<uuid:case>/proposal/", proposals.amend, name="amend"),
    path("cases/<uuid:case>/proposal/preview/", proposals.preview, name="amend-preview"),
    path("decisions/<uuid:decision>/", decisions.decision, name="decision"),
    path("decisions/<uuid:decision>/dissent/", decisions.dissent, name="dissent"),
    path("letters/<uuid:letter>/", letters.letter, name="letter"),
    path("order/", orders.order, name="order"),
    path("grants/", orders.grants, name="grants"),
    path("registers/", registers.registers, name="registers"),
    path("registers/<str:register>/", registers.register, name="register"),
    path("registers/<str:register>/suggestions/", registers.suggestions, name="register-suggestions"),
    path("registers/<str:register>/import/", registers.import_file, name="register-import"),
    path("registers/<str:register>/import/<uuid:file>/", registers.import_checked, name="register-import-checked"),
    path("registers/<str:register>/<str:code>/", registers.entry, name="register-entry"),
    path("notices/", notices.notices, name="notices"),
    path("measures/", measures.measures, name="measures"),
    path("stories/", stories.stories, name="stories"),
    path("login/", session.LogIn.as_view(), name="login"),
    path("logout/", session.LogOut.as_view(), name="logout"),
    path("language/", set_language, name="language"),
    path("accessibility/", session.accessibility, name="accessibility"),
]
