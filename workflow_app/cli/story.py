"""The story that ``manage.py tour`` tells: a supervision is opened, after one return and two refused attempts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from workflow_app.modeler import scenarios

_STORY = """
[[scenario]]
name = "tour"
case_type = "ETV"
opened_by = "uppl_03"
end = "open"
step = [
  { as = "insp_017", element = "assess_risk" },
  { as = "insp_017", element = "write_proposal", fields = { decision_type = "OPEN_SUPERVISION" } },
  { as = "insp_017", element = "review_proposal", refuse = true, rule = "R-19" },
  { as = "insp_018", element = "review_proposal", fields = { outcome = "RETURN", reason_primary = "PROPORTIONALITY" } },
  { as = "aj_09", element = "give_legal_opinion" },
  { as = "insp_017", element = "write_proposal", fields = { decision_type = "OPEN_SUPERVISION" } },
  { as = "insp_018", element = "review_proposal" },
  { as = "aj_09", element = "give_legal_opinion" },
  { as = "insp_017", element = "present_for_decision" },
  { as = "insp_018", element = "decide", refuse = true, rule = "R-08" },
  { as = "acn_etv", element = "decide", row = "DO-036" },
  { as = "insp_017", element = "ask_for_dissent" },
  { as = "reg_05", element = "dispatch_decision" },
]
"""

#: What happens in each step and why, in the order of the steps; the first is the opening of the case.
_SAID = (
    _("A signal about a care home has come in. The information officer registers it, and a case begins."),
    _("An inspector takes the case from the pool and assesses the risk."),
    _("The inspector writes a proposal: open supervision. What is decided later binds to exactly this text."),
    _("The same inspector tries to review the proposal. Whoever wrote it may not: four eyes are two persons."),
    _("A second inspector reviews it and returns it for preparation, with one coded main reason. This is counted."),
    _("The jurist answers in parallel. The answer binds to a proposal that has just been returned."),
    _("The proposal is written anew. It is a new version, so earlier reviews no longer count for it."),
    _("The second inspector agrees."),
    _("So does the jurist."),
    _("The inspector presents the case for whoever decides: rapporteur and decider are two persons."),
    _("The reviewer tries to decide. The order asks for a higher level, and a reviewer never decides."),
    _("The head of department decides. The verdict names the row of the order, and each duty that is met."),
    _("Everyone who took part is asked about dissent before the decision leaves."),
    _("The registrar dispatches the decision. From here dissent is too late, and the case goes on to the inspection."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The scenario and what is said about each of its steps."""

    scenario: scenarios.Scenario
    opening: StrPromise
    said: tuple[StrPromise, ...]


def read(folder: Path) -> Story:
    """Return the story, with the form values of the shipped scenarios in ``folder``."""
    book = scenarios.read((folder / "scenarios.toml").read_text(encoding="utf-8") + _STORY)
    scenario = next(each for each in book.scenarios if each.name == "tour")
    opening, *said = _SAID
    return Story(scenario=scenario, opening=opening, said=tuple(said))
