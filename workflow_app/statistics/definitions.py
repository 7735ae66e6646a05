"""What each figure means, in the words that stand beside it wherever it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A measure's name, definition and warning."""

    id: str
    name: StrPromise
    text: StrPromise
    warning: StrPromise | str = ""

    @property
    def is_numbered(self) -> bool:
        """True for a measure that has a number of its own."""
        return self.id.startswith("M-")


M_01 = Definition(
    id="M-01",
    name=_("Returned and raised again"),
    text=_(
        "Distinct cases that were returned for more preparation at the forum and later presented there again, "
        "both in the period, divided by distinct cases presented at the forum in the period. A case counts once "
        "however often it is returned."
    ),
    warning=_(
        "This is not the share of returned cases: a case that was returned and never raised again is not in the "
        "numerator. See M-02."
    ),
)
M_02 = Definition(
    id="M-02",
    name=_("Returned cases"),
    text=_(
        "Distinct cases returned at least once at the forum in the period, divided by distinct cases presented "
        "there in the period."
    ),
)
M_03 = Definition(
    id="M-03",
    name=_("Returns per returned case"),
    text=_("How many times a returned case was returned at the forum in the period: mean and largest."),
)
M_04 = Definition(
    id="M-04",
    name=_("Days from return to next presentation"),
    text=_(
        "Calendar days from a return at the forum to the same case's next presentation there, both in the period: "
        "median, and the number that nine of ten do not exceed."
    ),
    warning=_(
        "Cases that have not been presented again are not in the figure, so it is too low near the period's end."
    ),
)
M_05 = Definition(
    id="M-05",
    name=_("Returns by primary reason"),
    text=_(
        "Every return for more preparation in the period, at every level, by the one primary reason that was given."
    ),
)
LEVELS = Definition(
    id="LEVELS",
    name=_("Returns by level"),
    text=_(
        "Returns at the level divided by reviews completed at the level in the period: four-eyes reviews, each "
        "jurist or medical level's opinions, presentations at the forums, and acts of decision."
    ),
)
M_06 = Definition(
    id="M-06",
    name=_("Decisions without deficiencies"),
    text=_(
        "Frequency supervision: cases whose first outcome decision, dispatched in the period, found no deficiency, "
        "divided by all cases with an outcome decision dispatched in the period. By decider under a pseudonym, only "
        "from ten decisions; marked when further from the whole than chance explains in one decider of twenty "
        "(warning) or of five hundred (alert)."
    ),
    warning=_("A share far from the others' is a reason to compare the cases, not a finding about the decider."),
)
M_10 = Definition(
    id="M-10",
    name=_("Decisions in national supervision by stage"),
    text=_(
        "Decisions dispatched in the period. The stage of a demand is its place among the demands of the same case; "
        "interventions are injunctions, bans, revocations, applications for a fine and reports for prosecution."
    ),
)
REVIEWS = Definition(
    id="REVIEWS",
    name=_("Reviews with a remark"),
    text=_(
        "Four-eyes reviews in the period of which something is reported, divided by all of them: open to the reviewer "
        "for less than 30 seconds before the answer (R-23), reviewer and writer in the same team of the line, or in "
        "frequency supervision in the same department (R-21)."
    ),
    warning=_("Time alone shows no care and no lack of it: nothing is refused for it."),
)
RECIPROCITY = Definition(
    id="RECIPROCITY",
    name=_("Approvals between two who approve each other"),
    text=_(
        "Four-eyes reviews in the period that agreed to a proposal and have a review the other way between the same "
        "two persons, divided by all that agreed: of three approvals one way and one the other, two. By chance: the "
        "same share when the reviewers of each case type and quarter are dealt anew over its proposals; the limits "
        "hold in nineteen deals of twenty. Pairs are shown under a pseudonym from five approvals, when there are more "
        "than chance gives any of the pairs in nineteen periods of twenty (warning) or 499 of 500 (alert)."
    ),
    warning=_("Two who often meet may share a field or an office. A pair is a reason to look, not a finding."),
)
#: Stands once above the figures.
COUNTING = _(
    "One presentation per case and meeting day; an item that was withdrawn or not reached is not a presentation. "
    "Days are the authority's own."
)
