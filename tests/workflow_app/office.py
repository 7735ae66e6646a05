"""Do things in the demo authority as its people would: claim a step, fill in its form, and see what comes of it."""

from __future__ import annotations

import tomllib
import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from workflow_app.cases import selectors
from workflow_app.cases.models import Case, WorkItem
from workflow_app.cases.services import opening, work
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation.models import Person

_BOOK = tomllib.loads((Path(__file__).parents[2] / "bpmn/etv/scenarios.toml").read_text(encoding="utf-8"))


def _typed(fields: dict[str, Any]) -> dict[str, Any]:
    """Return fields with numbers as forms give them."""
    return {key: Decimal(value) if type(value) is int else value for key, value in fields.items()}


class Office:
    """The authority with a clock that moves a minute for every act."""

    def __init__(self, *, at: datetime, client: str) -> None:
        self.at = at
        self._client = client
        self._number = 0

    def person(self, name: str) -> uuid.UUID:
        """Return a person by staff code (``INSP-017``) or log-in (``insp_017``)."""
        row = Person.objects.filter(code=name).first()
        return row.pk if row else organisation.person_by_login(name).pk

    def key(self) -> str:
        """Return a new idempotency key."""
        self._number += 1
        return f"{self._client}:{self._number}"

    def tick(self, by: timedelta = timedelta(minutes=1)) -> datetime:
        """Let time pass."""
        self.at += by
        return self.at

    def open_case(self, by: str = "uppl_03", **fields: Any) -> Case:
        """Register a signal."""
        return opening.open_case(
            case_type="ETV",
            title="HVB Enhet 0417",
            fields=_typed(_BOOK["start"]) | fields,
            by=self.person(by),
            key=self.key(),
            at=self.tick(),
        )

    def item(self, case: Case, element: str) -> WorkItem:
        """Return the open work item at an element."""
        found = [item for item in selectors.open_items(case) if item.node.rpartition("/")[2] == element]
        waits = ", ".join(item.node for item in selectors.open_items(case))
        assert found, f"the case does not wait at {element} but at {waits}"
        return found[0]

    def claim(self, item: WorkItem, by: str, *, declares: bool = True) -> None:
        """Claim a work item, declaring that no circumstance is known."""
        work.claim(item=item.pk, by=self.person(by), key=self.key(), at=self.tick(), declares_no_circumstance=declares)

    def do(self, case: Case, by: str, element: str, **fields: Any) -> WorkItem:
        """Claim the step at an element, fill in its form (as the scenarios do, with ``fields`` on top), complete it."""
        item = self.item(case, element)
        if item.claimed_by_id != self.person(by):
            self.claim(item, by)
        self.complete(item, by, **fields)
        return item

    def complete(self, item: WorkItem, by: str, **fields: Any) -> None:
        """Complete a claimed step."""
        element = item.node.rpartition("/")[2]
        work.complete(
            item=item.pk,
            by=self.person(by),
            fields=self.form(element) | fields,
            key=self.key(),
            at=self.tick(),
        )

    @staticmethod
    def form(element: str) -> dict[str, Any]:
        """Return what the scenarios fill in at an element."""
        return _typed(_BOOK["start"] if element == "start" else _BOOK["defaults"].get(element, {}))

    def to_review(self, decision_type: str = "OPEN_SUPERVISION", **fields: Any) -> Case:
        """Bring a new case to where its first proposal waits for review and legal opinion."""
        case = self.open_case()
        self.do(case, "insp_017", "assess_risk")
        self.do(case, "insp_017", "write_proposal", decision_type=decision_type, **fields)
        return case

    def to_decision(self, **fields: Any) -> Case:
        """Bring a new case to where the opening decision waits for its decider."""
        case = self.to_review(**fields)
        self.do(case, "insp_018", "review_proposal")
        self.do(case, "aj_09", "give_legal_opinion")
        self.do(case, "insp_017", "present_for_decision")
        return case

    def to_dispatch(self) -> Case:
        """Bring a new case to where the opening decision waits for dissent and dispatch."""
        case = self.to_decision()
        self.do(case, "acn_etv", "decide")
        return case
