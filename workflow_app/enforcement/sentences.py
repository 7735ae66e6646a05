"""What roles, duties and bars are called, as English message ids; ``explanation`` says them in a reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop

#: What each role is called.
ROLES: Final[Mapping[str, str]] = {
    "GD": gettext_noop("the director-general"),
    "STF": gettext_noop("the deputy director-general"),
    "AC_N": gettext_noop("the national head of department"),
    "AC": gettext_noop("the head of department"),
    "EC_N": gettext_noop("the national head of unit"),
    "EC": gettext_noop("the head of unit"),
    "AC_T": gettext_noop("the head of department, permits"),
    "EC_T": gettext_noop("the head of unit, permits"),
    "AC_A": gettext_noop("the head of analysis"),
    "INSP": gettext_noop("inspector"),
    "HL": gettext_noop("case officer"),
    "TLED": gettext_noop("supervision lead"),
    "PL": gettext_noop("project lead"),
    "AJ": gettext_noop("department jurist"),
    "BCJ": gettext_noop("deputy chief jurist"),
    "CJ": gettext_noop("the chief jurist"),
    "TL": gettext_noop("supervising physician"),
    "TCL": gettext_noop("the chief supervising physician"),
    "EXP": gettext_noop("expert"),
    "UPPL": gettext_noop("information officer"),
    "REG": gettext_noop("registrar"),
    "PO": gettext_noop("process owner"),
    "DOADM": gettext_noop("order editor"),
    "IR": gettext_noop("internal audit"),
    "SYS": gettext_noop("system administrator"),
    "OLG": gettext_noop("a national head of unit or department of the case type"),
}

#: Duty code -> sentence when met, sentence when not. The second also words the bar of the same code.
#: Of each duty how it is told when met, and when not.
DUTIES: Final[Mapping[str, tuple[str, str]]] = {
    "NOT_DISQUALIFIED": (
        gettext_noop("You have no conflict of interest in the case."),
        gettext_noop("You have a conflict of interest in the case, or one that has not been ruled on."),
    ),
    "NOT_OWN_CHALLENGE": (
        gettext_noop("The challenge is not against you."),
        gettext_noop("Nobody rules on a challenge against themselves."),
    ),
    "DECLARED": (
        gettext_noop("You have declared that no circumstance makes you disqualified."),
        gettext_noop("You have not yet declared whether any circumstance makes you disqualified."),
    ),
    "DECIDER_IS_NOT_PREPARER": (
        gettext_noop("Somebody else prepared the proposal."),
        gettext_noop("You prepared the proposal; somebody else must decide."),
    ),
    "DECIDER_IS_NOT_RAPPORTEUR": (
        gettext_noop("Somebody else is rapporteur."),
        gettext_noop("You are rapporteur; somebody else must decide."),
    ),
    "DECIDER_IS_NOT_REVIEWER": (
        gettext_noop("Somebody else reviewed the proposal."),
        gettext_noop("You reviewed the proposal; somebody else must decide."),
    ),
    "REVIEWER_IS_NOT_PREPARER": (
        gettext_noop("Somebody else prepared the proposal."),
        gettext_noop("You prepared the proposal, inspected for it or edited it; somebody else must review it."),
    ),
    "REVIEWER_IS_NOT_RAPPORTEUR": (
        gettext_noop("Somebody else is rapporteur."),
        gettext_noop("You are rapporteur; somebody else must review."),
    ),
    "REVIEWER_IS_NOT_DECIDER": (
        gettext_noop("Somebody else decided."),
        gettext_noop("You decided; somebody else must review."),
    ),
    "RAPPORTEUR_IS_NOT_DECIDER": (
        gettext_noop("Somebody else decided."),
        gettext_noop("You decided; somebody else must present."),
    ),
    "PARTICIPANT_IS_NOT_PROPOSER": (
        gettext_noop("Somebody else made the proposal."),
        gettext_noop("You made the proposal; joint preparation needs somebody else's answer."),
    ),
    "PARTICIPANT_ASKED": (
        gettext_noop("The row asks for this answer."),
        gettext_noop("The row does not ask %(participant)s to answer in %(joint_code)s."),
    ),
    "PROPOSAL_STANDS": (
        gettext_noop("There is a proposal in force."),
        gettext_noop("There is no proposal in force; write one first."),
    ),
    "FOUR_EYES": (
        gettext_noop("A second person has reviewed the proposal."),
        gettext_noop("A second person has not yet agreed to the proposal."),
    ),
    "FOUR_EYES_AFTER": (
        gettext_noop("A second person may review after the decision, within one working day."),
        gettext_noop("A second person must review within one working day."),
    ),
    "REVIEW_OF_THIS_VERSION": (
        gettext_noop("The review concerns this version."),
        gettext_noop("The proposal was changed after the review; it must be reviewed again."),
    ),
    "PRESENTED": (
        gettext_noop("The rapporteur has presented the proposal."),
        gettext_noop("The rapporteur has not yet presented the proposal."),
    ),
    "RAPPORTEUR_NAMED": (
        gettext_noop("A rapporteur is named."),
        gettext_noop("No rapporteur has presented; the row requires a presentation."),
    ),
    "COULD_NOT_WAIT": (
        gettext_noop("The decision could not wait for a presentation."),
        gettext_noop("The decision could have waited for a presentation."),
    ),
    "JOINT_PREPARATION": (
        gettext_noop("Joint preparation %(joint_code)s is complete."),
        gettext_noop("Joint preparation %(joint_code)s lacks an answer from %(missing)s."),
    ),
    "JOINT_PREPARATION_AFTER": (
        gettext_noop("Joint preparation %(joint_code)s may follow within one working day."),
        gettext_noop("Joint preparation %(joint_code)s must follow within one working day."),
    ),
    "JOINT_PREPARATION_HEARD": (
        gettext_noop("Somebody was heard in joint preparation %(joint_code)s."),
        gettext_noop("Nobody was heard in joint preparation %(joint_code)s; silence is not agreement."),
    ),
    "RETURN_SETTLED": (
        gettext_noop("The return has been settled."),
        gettext_noop("%(role)s has returned the proposal; it must be prepared further."),
    ),
    "DISAGREEMENT_SETTLED": (
        gettext_noop("The disagreement with %(role)s has been settled by somebody above it."),
        gettext_noop("%(role)s disagrees, and nobody above has settled it yet."),
    ),
    "JURIST_HEARD": (
        gettext_noop("A jurist at the row's level has given an opinion (%(jurist_role)s)."),
        gettext_noop("The row requires an opinion from %(jurist_role)s, which is missing."),
    ),
    "JURIST_LEVEL": (
        gettext_noop("The jurist's level is sufficient."),
        gettext_noop("The opinion was given by %(role)s; the row requires %(jurist_role)s."),
    ),
    "JURIST_ON_THIS_VERSION": (
        gettext_noop("The opinion concerns this version."),
        gettext_noop("The proposal was changed after the jurist's opinion; %(jurist_role)s must see it again."),
    ),
    "JURIST_DECIDES": (
        gettext_noop("A jurist decides this kind of matter (%(jurist_role)s)."),
        gettext_noop("A jurist decides this kind of matter (%(jurist_role)s)."),
    ),
    "JURIST_AFTER": (
        gettext_noop("A jurist may be heard after the decision (%(jurist_role)s)."),
        gettext_noop("A jurist must be heard after the decision (%(jurist_role)s)."),
    ),
    "PHYSICIAN_HEARD": (
        gettext_noop("A supervising physician has given an opinion."),
        gettext_noop("The row requires a supervising physician's opinion, which is missing."),
    ),
    "PHYSICIAN_LEVEL": (
        gettext_noop("The physician's level is sufficient."),
        gettext_noop("The medical opinion was given at too low a level."),
    ),
    "PHYSICIAN_ON_THIS_VERSION": (
        gettext_noop("The medical opinion concerns this version."),
        gettext_noop("The proposal was changed after the medical opinion; it must be given again."),
    ),
    "OPINION_LEVEL": (
        gettext_noop("Your role may give this opinion."),
        gettext_noop("%(role)s can't give this opinion; the row requires %(jurist_role)s."),
    ),
    "RESOLVER_IS_NOT_PARTY": (
        gettext_noop("You are no party to the disagreement."),
        gettext_noop("You are a party to the disagreement; somebody above must settle it."),
    ),
    "RESOLVER_IS_NOT_PREPARER": (
        gettext_noop("You did not prepare the proposal."),
        gettext_noop("You prepared the proposal and can't settle a disagreement about it."),
    ),
    "RESOLVER_STANDS_ABOVE": (
        gettext_noop("Your role stands above the disagreement."),
        gettext_noop("%(role)s does not stand above the disagreement in the escalation order."),
    ),
    "LEAD_ROTATES": (
        gettext_noop("The lead inspector rotates."),
        gettext_noop("The inspector has led at the same home two years running and must pause."),
    ),
    "PAIR_ROTATES": (
        gettext_noop("The pair of inspectors rotates."),
        gettext_noop("The same pair inspected last time; change one of them."),
    ),
    "TWO_INSPECTORS": (
        gettext_noop("Two inspectors go."),
        gettext_noop("An unannounced inspection of a home for children needs two inspectors."),
    ),
    "DECIDER_ROTATES": (
        gettext_noop("You have not decided about the provider for three years running."),
        gettext_noop("You have decided about the same provider three years running; somebody else must decide."),
    ),
    "AMOUNT_AS_FROZEN": (
        gettext_noop("The amount is the one in the frozen proposal."),
        gettext_noop("The amount differs from the frozen proposal; the preparation must be reopened."),
    ),
    "AMOUNT_POSITIVE": (
        gettext_noop("The fine has an amount."),
        gettext_noop("A fine needs an amount above zero."),
    ),
    "FINE_CONSIDERED": (
        gettext_noop("Whether a fine was considered is recorded with a reason."),
        gettext_noop("Record whether a fine was considered, and why."),
    ),
    "CHILD_RECORD": (
        gettext_noop("The record of child conversations is complete."),
        gettext_noop("The record of child conversations is incomplete and no reason is approved."),
    ),
    "USERS_HEARD": (
        gettext_noop("Those concerned have been heard, or a reason is given."),
        gettext_noop("Those concerned have not been heard and no reason is given."),
    ),
    "EVERY_HOME_PLANNED": (
        gettext_noop("The plan takes in every home of the register, or says why not."),
        gettext_noop("The plan leaves out homes of the register; take them in or give the reason."),
    ),
    "STATEMENTS_WEIGHED": (
        gettext_noop("What users and children have said is weighed in the proposal."),
        gettext_noop("Say in the proposal how each statement of users and children has been weighed."),
    ),
    "PLAN_VERIFIED": (
        gettext_noop("Every measure has been verified."),
        gettext_noop("Some measures have not been verified."),
    ),
    "VERIFIED_AS_REQUIRED": (
        gettext_noop("Each measure has been verified in the way required."),
        gettext_noop(
            "Verify each measure in the way the plan requires; violence, threats, abuse and neglect only by"
            " inspection or by users or children."
        ),
    ),
    "PLAN_COMMUNICATED": (
        gettext_noop("The probation plan has been communicated, or a reason is given."),
        gettext_noop("The probation plan has not been communicated and no reason is given."),
    ),
    "DRAFT_ANSWERED": (
        gettext_noop("The draft decision has been answered or its time has passed."),
        gettext_noop("The draft decision has not been answered and its time has not passed."),
    ),
    "COMMUNICATED": (
        gettext_noop("The material has been communicated, or an exception is recorded."),
        gettext_noop("The material has not been communicated and no exception is recorded."),
    ),
    "MEASURES_AND_DATE": (
        gettext_noop("The injunction states measures and the latest date."),
        gettext_noop("An injunction must state the measures and the latest date."),
    ),
    "EARLIER_FINE_FINAL": (
        gettext_noop("No earlier fine is pending."),
        gettext_noop("An earlier fine in the matter is not final; a new one has to wait."),
    ),
    "FEE_WITHIN_LAW": (
        gettext_noop("The fee is within the limits of the law."),
        gettext_noop("The fee must be between 10,000 and 1,000,000 kr."),
    ),
    "SERVICE_LIMIT": (
        gettext_noop("The two-year limit for service has not passed."),
        gettext_noop("The two-year limit for service has passed."),
    ),
    "CLOSING_CODED": (
        gettext_noop("The reason why no fee is applied for is one that the law knows."),
        gettext_noop("A reason that the law knows is missing: without one, a fee is applied for."),
    ),
    "FAST_LANE_ACUTE": (
        gettext_noop("The danger is acute."),
        gettext_noop("An interim decision requires acute danger."),
    ),
    "INTERIM_MONTHS": (
        gettext_noop("The interim decision ends within six months."),
        gettext_noop("An interim decision lasts six months at most."),
    ),
    "EXTENDED_ONCE": (
        gettext_noop("The interim decision has not been extended before."),
        gettext_noop("An interim decision is extended once only."),
    ),
    "BASIS_FRESH": (
        gettext_noop("The basis is fresh, or a statement is given."),
        gettext_noop("The basis is older than six months; state whether it still holds."),
    ),
    "INJUNCTION_WHERE_NEEDED": (
        gettext_noop("The law does not require an injunction here."),
        gettext_noop("Duties are failed and there is danger: an injunction is required unless manifestly unnecessary."),
    ),
    "INJUNCTION_NOT_FOLLOWED": (
        gettext_noop("The injunction was not followed."),
        gettext_noop("A ban after an injunction requires that the injunction was not followed."),
    ),
    "DANGER_SHOWN": (
        gettext_noop("Danger is shown."),
        gettext_noop("A direct ban or revocation requires danger to life, health or safety."),
    ),
    "EXAMINED_BY_TWO": (
        gettext_noop("Two case officers have examined the application."),
        gettext_noop("A new permit is granted only when two case officers have examined the application."),
    ),
    "HSAN_REPORT_WHERE_GROUNDS": (
        gettext_noop("No grounds for measures by HSAN are recorded."),
        gettext_noop("Grounds for measures by HSAN are recorded: report, or have the decision not to report made."),
    ),
    "OFFENCE_REPORTED": (
        gettext_noop("No suspected offence is left unreported."),
        gettext_noop("A suspected offence is recorded; it must be reported for prosecution first."),
    ),
    "CRITERION_CODED": (
        gettext_noop("A criterion is coded."),
        gettext_noop("At least one criterion must be coded."),
    ),
    "PATTERN_SHOWN": (
        gettext_noop("A pattern is shown."),
        gettext_noop("Supervision of a principal requires a pattern alert or at least three units."),
    ),
    "FOURTH_DEMAND": (
        gettext_noop("The director-general decides a fourth demand."),
        gettext_noop("Only the director-general decides a fourth demand."),
    ),
    "DEMAND_IN_ORDER": (
        gettext_noop("The demand is the next in order."),
        gettext_noop("The demands of a case follow in order; choose the one that comes next."),
    ),
    "NEXT_LEVEL_REASON": (
        gettext_noop("The reason not to take the next step is given."),
        gettext_noop("Give the reason not to take the next step of the ladder."),
    ),
    "UNEVALUABLE": (
        gettext_noop("A control can't be evaluated: %(facts)s must be stated correctly."),
        gettext_noop("A control can't be evaluated: %(facts)s must be stated correctly."),
    ),
}

#: Bars that no duty stands behind: the order, the row and the grants.
#: Why not, where no duty says it.
BARS: Final[Mapping[str, str]] = {
    "ORDER_NOT_IN_FORCE": gettext_noop("Order %(order)s is not in force at this time."),
    "NO_DECISION_TYPE": gettext_noop("The act names no decision type."),
    "NO_ROW": gettext_noop("No row of the order covers %(decision_type)s in %(case_type)s."),
    "CONFLICTING_ROWS": gettext_noop("The rows %(rows)s match at once; the order is defective and nobody may decide."),
    "NO_GRANT": gettext_noop("You hold no appointment in %(case_type)s."),
    "UNKNOWN_ROLE": gettext_noop("The order has no role %(role)s."),
    "GRANT_NOT_IN_FORCE": gettext_noop("Your appointment as %(role)s is not in force at this time."),
    "GRANT_FOR_OTHER_ROWS": gettext_noop("Your appointment as %(role)s is limited to other rows."),
    "NOT_SERVING": gettext_noop("%(role)s acts only while standing in for the director-general."),
    "LEVEL_TOO_LOW": gettext_noop("%(role)s is too low a level: %(rule)s requires at least %(lowest_role)s."),
    "PRINCIPLE": gettext_noop("The matter is of principle: only %(lowest_role)s decides, under %(rule)s."),
    "NOT_SUB_DELEGABLE": gettext_noop(
        "%(rule)s does not allow sub-delegation to %(role)s here; lowest level is %(lowest_role)s."
    ),
    "SUB_DELEGATION_TOO_LONG": gettext_noop("Your sub-delegation as %(role)s lacks an end within twelve months."),
    "SUB_DELEGATION_DECIDES_ONLY": gettext_noop("Your sub-delegation as %(role)s covers decisions only."),
    "ACT_NOT_IN_ROLE": gettext_noop("%(role)s does not do this kind of act."),
    "DID_NOT_TAKE_PART": gettext_noop("You took no part in the final handling."),
    "ALREADY_DISPATCHED": gettext_noop("The decision has been dispatched; dissent can no longer be noted."),
    "DISSENT_ALREADY_NOTED": gettext_noop("You have already noted your dissent."),
    "STEP_ROLE": gettext_noop("The step asks for %(step_role)s; you act as %(role)s."),
    # Rights given and revoked, absences and substitutes.
    "GIVER_IS_HOLDER": gettext_noop("Nobody gives a right to themselves; another person must give it."),
    "ENDS_BEFORE_IT_BEGINS": gettext_noop("It would end before it begins, or is over already; give a later end."),
    "LENT_WITHOUT_END": gettext_noop("A lent right has an end; say when it ends."),
    "LENT_WITHOUT_ROWS": gettext_noop("A sub-delegation names its rows; choose at least one."),
    "LENT_TOO_LONG": gettext_noop("A sub-delegation lasts at most twelve months; give an earlier end."),
    "GIVER_NOT_APPOINTED": gettext_noop(
        "You are not yourself appointed as %(role)s in %(case_type)s, and a lent right is never lent on."
    ),
    "GIVER_STANDS_NOT_ABOVE": gettext_noop("You do not appoint %(role)s in %(case_type)s; somebody above does."),
    "ROW_NOT_LENDABLE": gettext_noop("The order does not let you lend %(rule)s to %(role)s."),
    "RECEIVER_NOT_APPOINTED": gettext_noop("The receiver is not appointed as %(role)s in %(case_type)s."),
    "REVOKER_STANDS_NOT_ABOVE": gettext_noop(
        "You neither gave this right nor appoint %(role)s; whoever gave it, or stands above, revokes it."
    ),
    "NOT_OWN_ABSENCE": gettext_noop("You register your own absence, and theirs whom you may appoint."),
    "OWN_SUBSTITUTE": gettext_noop("Nobody is their own substitute, whichever account they use."),
    "SUBSTITUTE_LACKS_GRANT": gettext_noop(
        "A substitute holds a grant of their own, at the same or a higher level in the same case type."
    ),
    "HOLDER_NOT_AWAY": gettext_noop("The person who has taken the step is not registered as away."),
    "NOT_THE_SUBSTITUTE": gettext_noop("You are not named as substitute for the person who has taken the step."),
    "SUBSTITUTE_PREPARED": gettext_noop("You prepared the proposal, and take nobody's place in judging it."),
    # Weeding.
    "NO_RETENTION_RULE": gettext_noop("No rule with a legal basis says when cases of %(case_type)s may be weeded."),
    "CASE_IS_OPEN": gettext_noop("The case is open; only what is closed can be weeded."),
    "RETENTION_RUNS": gettext_noop("The case is kept for %(years)s years after it was closed; they have not passed."),
    "WEEDING_FOUR_EYES": gettext_noop("A second person must approve the weeding."),
}

#: Every code this room can word; a test holds it against the codes that ``delegation`` uses.
CODES: Final = frozenset(DUTIES) | frozenset(BARS)
