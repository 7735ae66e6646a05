"""What a case refuses, besides what the order refuses. Each has a stable ``code``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from delegation.staffing import Shortage
from workflow_app.enforcement.errors import NotAuthorised

__all__ = [
    "AlreadyClaimed",
    "CaseError",
    "Closed",
    "ContentClosed",
    "DeclarationMissing",
    "DraftTooLarge",
    "ExceptionRefused",
    "ExportRefused",
    "FormRefused",
    "IdentityClosed",
    "InvalidPatterns",
    "LeavesNobody",
    "NotAuthorised",
    "NotClaimed",
    "NotDisqualified",
    "NotNecessary",
    "NotOpen",
    "NothingToAmend",
    "NothingToCorrect",
    "NothingToRuleOn",
    "OrderUnclear",
    "Problem",
    "ProposalUnderWay",
    "RulingsClosed",
    "StaleDraft",
    "StaleEdit",
    "SubjectRefused",
    "TooEarly",
    "TooLate",
    "UnknownCase",
    "UnknownOperation",
    "UnknownPage",
    "WallRefused",
    "Walled",
    "WeedingRefused",
]


class CaseError(Exception):
    """the case refused the change"""

    code: ClassVar[str] = "CASE"


class UnknownCase(CaseError):
    """no such case or work item"""

    code = "UNKNOWN_CASE"


class ContentClosed(CaseError):
    """the content of the case is not open to the person"""

    code = "CONTENT_CLOSED"


class Walled(UnknownCase):
    """no such case or work item: a refusal must not tell that there is one (R-75)"""


class WallRefused(CaseError):
    """the wall around the case stays as it is"""

    code = "WALL_REFUSED"


class IdentityClosed(CaseError):
    """whom the pseudonym stands for is not open to the person"""

    code = "IDENTITY_CLOSED"


class ExceptionRefused(CaseError):
    """the person is not let into the case by name"""

    code = "EXCEPTION_REFUSED"


class NothingToCorrect(CaseError):
    """there is no decision, or no proposed correction, to go on with"""

    code = "NOTHING_TO_CORRECT"


class WeedingRefused(CaseError):
    """nothing of the case is weeded out"""

    code = "WEEDING_REFUSED"


class ExportRefused(CaseError):
    """the material is not handed over"""

    code = "EXPORT_REFUSED"


class UnknownPage(CaseError):
    """no such page of the worklist"""

    code = "UNKNOWN_PAGE"


class NotOpen(CaseError):
    """the work item is no longer open"""

    code = "NOT_OPEN"


class TooEarly(CaseError):
    """there is still time for somebody to act"""

    code = "TOO_EARLY"


class Closed(CaseError):
    """the case is closed"""

    code = "CASE_CLOSED"


class AlreadyClaimed(CaseError):
    """another person has claimed the work item"""

    code = "ALREADY_CLAIMED"


class LeavesNobody(CaseError):
    """whoever takes the work item leaves nobody for a later step"""

    code = "LEAVES_NOBODY"

    def __init__(self, shortage: Shortage) -> None:
        #: Why nobody would be left; ``enforcement.shortage`` words it.
        self.shortage = shortage
        steps = ", ".join(step.id for step in shortage.steps)
        super().__init__(f"if you take this work item, no lawful set of people is left for {steps}")


class NotClaimed(CaseError):
    """the work item must be claimed first"""

    code = "NOT_CLAIMED"


class StaleEdit(CaseError):
    """the case has changed since the page was shown"""

    code = "STALE_EDIT"


class StaleDraft(CaseError):
    """the draft has been saved on another page since this one was shown"""

    code = "STALE_DRAFT"


class DraftTooLarge(CaseError):
    """the draft is larger than any form"""

    code = "DRAFT_TOO_LARGE"


class DeclarationMissing(CaseError):
    """a declaration about conflict of interest is needed first (R-01)"""

    code = "DECLARATION_MISSING"


class TooLate(CaseError):
    """the act is no longer possible"""

    code = "TOO_LATE"


class NothingToRuleOn(TooLate):
    """no declared circumstance waits for a ruling"""

    code = "NOTHING_TO_RULE_ON"


class ProposalUnderWay(CaseError):
    """another proposal of the case is being examined or decided"""

    code = "PROPOSAL_UNDER_WAY"


class NotDisqualified(CaseError):
    """the person has no conflict of interest in the case"""

    code = "NOT_DISQUALIFIED"


class RulingsClosed(CaseError):
    """rulings on conflict of interest are not the person's to search (R-07)"""

    code = "RULINGS_CLOSED"


class NotNecessary(CaseError):
    """the step cannot be done by somebody in conflict of interest (R-05)"""

    code = "NOT_NECESSARY"


class NothingToAmend(TooLate):
    """there is no undecided proposal to edit"""

    code = "NOTHING_TO_AMEND"


class UnknownOperation(CaseError):
    """the model names an operation that is not registered"""

    code = "UNKNOWN_OPERATION"


class SubjectRefused(CaseError):
    """the case is not about what its type must be about (S-42)"""

    code = "SUBJECT_REFUSED"


class OrderUnclear(CaseError):
    """the order cannot be applied to the case as it is described"""

    code = "ORDER_UNCLEAR"


class Problem(str):
    """What is wrong with a field: a sentence with the figures in it, which an interface can say in its language."""

    sentence: str
    figures: Mapping[str, object]

    def __new__(cls, sentence: str, **figures: object) -> Problem:
        problem = super().__new__(cls, sentence % figures)
        problem.sentence, problem.figures = sentence, figures
        return problem


class InvalidPatterns(CaseError):
    """the thresholds of patterns cannot be read"""

    code = "INVALID_PATTERNS"


class FormRefused(CaseError):
    """the form does not hold"""

    code = "FORM_REFUSED"

    def __init__(self, problems: Mapping[str, str]) -> None:
        #: Field key (in a list ``list.row.field``) -> what is wrong with it, a ``Problem`` when figures belong to it.
        self.problems = problems
        super().__init__("; ".join(f"field `{key}`: {text}" for key, text in sorted(problems.items())))
