"""The tables of a case. Facts are rows with constraints, never process variables (DESIGN §1.3).

``CaseAct``, ``PermitRecord``, ``Decision``, ``Dissent``, ``Dispatch``, ``LetterRequest``, ``HandOver``, ``CaseLink``,
``SealedName``, ``ConflictDeclaration``, ``SealedReasons``, ``NecessaryTask`` and ``ReviewOpening`` are append-only:
triggers on both databases refuse UPDATE and DELETE. The others refuse DELETE, but for what is no part of a case:
drafts, notices, and exceptions that have ended (R-79).
"""

from __future__ import annotations

from workflow_app.cases.models.case import Case, CaseSeries, Proposal
from workflow_app.cases.models.conflicts import ConflictDeclaration, Ground, NecessaryTask, SealedReasons
from workflow_app.cases.models.deadlines import Deadline
from workflow_app.cases.models.links import CaseLink, HandOver, LetterRequest, LinkKind
from workflow_app.cases.models.record import (
    CaseAct,
    Decision,
    Dispatch,
    Dissent,
    Forum,
    PermitRecord,
    PresentationOutcome,
    ReturnReason,
)
from workflow_app.cases.models.review import ReviewOpening
from workflow_app.cases.models.secrecy import IdentityReading, NamedException, NeedToKnow, SealedName
from workflow_app.cases.models.staffing import StaffingReport
from workflow_app.cases.models.work import FormDraft, Notification, Timer, WorkItem

__all__ = [
    "Case",
    "CaseAct",
    "CaseLink",
    "CaseSeries",
    "ConflictDeclaration",
    "Deadline",
    "Decision",
    "Dispatch",
    "Dissent",
    "FormDraft",
    "Forum",
    "Ground",
    "HandOver",
    "IdentityReading",
    "LetterRequest",
    "LinkKind",
    "NamedException",
    "NecessaryTask",
    "NeedToKnow",
    "Notification",
    "PermitRecord",
    "PresentationOutcome",
    "Proposal",
    "ReturnReason",
    "ReviewOpening",
    "SealedName",
    "SealedReasons",
    "StaffingReport",
    "Timer",
    "WorkItem",
]
