"""Stored codes in words. Codes are English and stable; what a person reads follows the page's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delegation import vocabulary

CASE_TYPES = {
    "ETV": _("Own-initiative supervision"),
    "NTS": _("National supervision"),
    "FTB": _("Frequency supervision of homes for children"),
    "TIL": _("Permits"),
    "EVB": _("Non-executed decisions"),
    "EKP": _("Complaints from individuals"),
    "TLP": _("Supervision of licensed staff"),
    "LMA": _("Lex Maria"),
    "LSA": _("Lex Sarah"),
    "UPPL": _("Information intake"),
    "UTL": _("Disclosure of documents"),
    "ADM": _("Administration"),
    "ALL": _("All case types"),
}

ROLES = {
    "GD": _("Director-general"),
    "STF": _("Deputy director-general"),
    "MLG": _("Management group"),
    "AC_N": _("National head of department for the case type"),
    "AC": _("Head of department (line)"),
    "EC_N": _("National head of unit for the case type"),
    "EC": _("Head of unit (line)"),
    "AC_T": _("Head of department, permits"),
    "EC_T": _("Head of unit, permits"),
    "AC_A": _("Head of department, analysis"),
    "INSP": _("Inspector"),
    "HL": _("Case handler"),
    "TLED": _("Supervision lead"),
    "PL": _("Project leader"),
    "AJ": _("Department jurist"),
    "BCJ": _("Deputy chief jurist"),
    "CJ": _("Chief jurist"),
    "TL": _("Supervision physician"),
    "TCL": _("Chief supervision physician"),
    "EXP": _("Expert"),
    "UPPL": _("Intake officer"),
    "REG": _("Registrar"),
    "PO": _("Process owner"),
    "DOADM": _("Editor of the delegation order"),
    "IR": _("Internal audit"),
    "SYS": _("System administrator"),
    "ORDER": _("Whom the delegation order points out"),
}

ACTS = {
    "PREPARE": _("Prepare"),
    "REVIEW": _("Review with four eyes"),
    "CONSULT": _("Give an opinion"),
    "ANSWER": _("Answer in joint preparation"),
    "PRESENT": _("Present"),
    "DECIDE": _("Decide"),
    "DISPATCH": _("Dispatch"),
    "HANDLE": _("Handle"),
}

DECISIONS = {
    "NO_SUPERVISION": _("Do not open supervision"),
    "NO_SUPERVISION_HIGH_RISK": _("Do not open supervision despite high risk"),
    "FORWARD_TO_AUTHORITY": _("Hand over to another authority"),
    "OPEN_SUPERVISION": _("Open supervision of a unit"),
    "OPEN_SUPERVISION_PRINCIPAL": _("Open supervision of a principal"),
    "INSPECTION": _("Inspection"),
    "SEIZE_DOCUMENTS": _("Seize documents"),
    "NO_DEFICIENCY": _("Decision without deficiencies"),
    "DEFICIENCY_NO_DEMAND": _("Deficiencies, no demand"),
    "DEMAND_REPORT_1": _("Demand to report back, first"),
    "DEMAND_REPORT_2": _("Demand to report back, second"),
    "DEMAND_REPORT_3": _("Demand to report back, third"),
    "FINAL_ACCEPTED": _("Close after accepted report"),
    "INJUNCTION": _("Injunction without fine"),
    "INJUNCTION_FINE": _("Injunction with conditional fine"),
    "BAN_AFTER": _("Ban after unmet injunction"),
    "REVOKE_AFTER": _("Revocation after unmet injunction"),
    "BAN_DIRECT": _("Direct ban"),
    "REVOKE_DIRECT": _("Direct revocation"),
    "INTERIM_BAN": _("Interim ban"),
    "INTERIM_EXTEND": _("Extension of interim ban"),
    "REVOKE_SUITABILITY": _("Revocation, suitability or economy"),
    "REVOKE_REGISTER_CHECK": _("Revocation, register checks"),
    "PERSONAL_FILE": _("Take charge of a personal file"),
    "INJUNCTION_NOTIFY": _("Injunction to notify the operation"),
    "FINE_APPLICATION": _("Application to court for the fine"),
    "PROSECUTION_REPORT": _("Report for prosecution"),
    "CONFLICT_RULING": _("Ruling on conflict of interest"),
    "COMMUNICATE": _("Communicate material"),
    "REFRAIN_COMMUNICATION": _("Refrain from communication"),
    "DATA_REQUEST": _("Data request"),
    "INFORMATION_INJUNCTION": _("Injunction to hand over information"),
    "INFORMATION_INJUNCTION_FINE": _("Injunction to hand over information, with fine"),
    "CORRECTION": _("Correction of a clerical error"),
    "POLICE_ASSISTANCE": _("Request for police assistance"),
    "PROTECTIVE_REPORT": _("Report to police or social services"),
}

ANSWERS = {
    "AGREE": _("Agrees"),
    "AGREE_WITH_REMARK": _("Agrees with a remark"),
    "DISAGREE": _("Disagrees"),
    "RETURN": _("Returned for preparation"),
    "RAISE": _("Raised one level"),
    "NOT_HEARD": _("Not heard in time (not counted as agreement)"),
}

OUTCOMES = {
    "INFORMED": _("Informed"),
    "RETURNED": _("Returned for preparation"),
    "WITHDRAWN": pgettext_lazy("a task or a presentation", "Withdrawn"),
    "NOT_REACHED": _("Not reached"),
    "DECIDED": _("Presented for decision"),
    "AS_PROPOSED": _("Decided as proposed"),
    "OTHERWISE": _("Decided otherwise than proposed"),
    "HAND_UP": _("Handed to a higher level"),
}

REASONS = {
    "MISSING_COMPETENCE": _("Competence is missing"),
    "MISSING_BASIS": _("Basis is missing"),
    "ONE_SIDED_BASIS": _("The basis is one-sided"),
    "UNCLEAR_LEGAL_GROUND": _("The legal ground is unclear"),
    "USER_NOT_HEARD": _("Those concerned have not been heard"),
    "PROPORTIONALITY": _("Proportionality"),
    "NOT_COMPARABLE": _("Differs from comparable cases"),
    "NOT_OWN_MATTER": _("Not our matter"),
    "OTHER": _("Other reason"),
}

STATES = {
    "OFFERED": _("Free to take"),
    "CLAIMED": _("Taken"),
    "DONE": _("Done"),
    "OPEN": _("Open"),
    "CLOSED": _("Closed"),
}

GRANTS = {
    "APPOINTMENT": _("Appointment"),
    "SUB_DELEGATION": _("Sub-delegation"),
    "SUBSTITUTION": _("Substitution"),
}

FORUMS = {
    "OPS": _("Operative cooperation (OPS)"),
    "OLG": _("Operative leadership group (OLG)"),
    "ASSESSMENT": _("Assessment meeting"),
    "JURIST": _("Jurists' group"),
    "MLG": _("Management group"),
    "DECISION": _("Presentation for decision"),
}

DECLARATIONS = {
    "NO_CIRCUMSTANCE": _("Declared no conflict of interest"),
    "CIRCUMSTANCE": _("Declared a circumstance"),
    "RULED_CONFLICT": _("Ruled: conflict of interest"),
    "RULED_CLEAR": _("Ruled: no conflict of interest"),
}

EVENTS = {
    "CASE_OPENED": _("Case opened"),
    "WORK_CLAIMED": _("Task taken"),
    "WORK_RELEASED": _("Task put back"),
    "WORK_HANDED_OVER": _("Task handed over"),
    "WORK_TAKEN_OVER": _("Task taken over by a substitute"),
    "WORK_TAKEN_BACK": _("Task taken back and offered again"),
    "STEP_COMPLETED": _("Step completed"),
    "PROPOSAL_WRITTEN": _("Proposal written"),
    "PROPOSAL_AMENDED": _("Proposal amended"),
    "PROPOSAL_REVIEWED": _("Proposal reviewed"),
    "OPINION_GIVEN": _("Opinion given"),
    "JOINT_PREPARATION_ANSWERED": _("Joint preparation answered"),
    "CASE_PRESENTED": _("Case presented"),
    "RETURNED_FOR_PREPARATION": _("Returned for preparation"),
    "DISAGREEMENT_RESOLVED": _("Disagreement resolved"),
    "CASE_DECIDED": _("Decision signed"),
    "DISSENT_NOTED": _("Dissent noted"),
    "DECISION_DISPATCHED": _("Decision dispatched"),
    "LETTER_SENT": _("Letter sent"),
    "CONFLICT_DECLARED": _("Conflict of interest declared"),
    "CONFLICT_RULED": _("Conflict of interest ruled on"),
    "TIMER_FIRED": _("Time limit passed"),
    "CASE_LINKED": _("Case linked to another"),
    "CHILD_CLOSED": _("Part of the case closed"),
    "TEAMS_PROPOSED": _("Inspectors proposed"),
    "PAGE_OF_REVIEW": _("the proposal"),
    "PAGE_OF_CASE": _("the case"),
    "PAGE_OF_LETTER": _("a letter"),
    "PAGE_OF_DECISION": _("an earlier decision"),
    "EMPTY_REVIEW": _("Open for less than 30 seconds (R-23)"),
    "SAME_TEAM": _("Reviewer and writer in the same team (R-21)"),
    "SAME_DEPARTMENT": _("Reviewer and writer in the same department (R-21)"),
    "CROSS_CHECKED": _("Permits and supervision checked against each other"),
    "ACT_REFUSED": _("Act refused by the delegation order"),
    "ORDER_ADOPTED": _("Delegation order adopted"),
    "ORDER_CHANGED": _("Another delegation order applies to the case"),
    "PROCESS_DEPLOYED": _("Process deployed"),
    "REGISTER_IMPORTED": _("Register imported"),
    "GRANT_ENDED": _("A right has ended"),
    "ABSENCE": _("Absence"),
}

#: How another case belongs to the one that is shown.
LINKS = {
    "HAND_OVER_OUT": _("Went over into"),
    "HAND_OVER_IN": _("Came over from"),
    "CHILD_OUT": _("Has as a part"),
    "CHILD_IN": _("Is part of"),
    "INFORMATION_OUT": _("Has informed"),
    "INFORMATION_IN": _("Was informed by"),
}

#: Letters by the name of their template, and what took them to their receiver.
LETTERS = {
    "acknowledgement": _("Acknowledgement"),
    "appeal_hand_over": _("Hand-over of an appeal"),
    "board_reminder": _("Reminder to a board"),
    "certificate": _("Certificate of permit"),
    "communication": _("Material for comment"),
    "complaint": _("Complaint passed on to the provider"),
    "complaint_handed_over": _("Complaint handed over"),
    "completion_order": _("Order to complete the application"),
    "correction": _("Correction of a decision"),
    "decision": _("Decision letter"),
    "delay_notice": _("Word of a delay"),
    "draft_decision": _("Draft decision"),
    "fee_application": _("Application to court"),
    "fee_invoice": _("Invoice for the application fee"),
    "information_notice": _("Word to the informer"),
    "inspection_minutes": _("Minutes of inspection"),
    "notice": _("Notice of supervision"),
    "report": _("Report to another authority"),
    "request": _("Request for information"),
    "REGISTRY": _("Handed to the registry"),
    "FOLDER": _("Handed to the mailing system"),
}

#: Whom a letter goes to.
PARTIES = {
    "PROVIDER": _("The provider"),
    "PRINCIPAL": _("The municipality or region"),
    "BOARD": _("The board"),
    "LICENSED_PERSON": _("The licensed person"),
    "COMPLAINANT": _("The complainant"),
    "RESPONDENT": _("The respondent"),
    "APPLICANT": _("The applicant"),
    "NOTIFIER": _("The informer"),
    "DATA_HOLDER": _("Whoever holds the information"),
    "COURT": _("The court"),
    "DISCIPLINARY_BOARD": _("The disciplinary board"),
    "PROSECUTOR": _("The prosecutor"),
    "AUTHORITY": _("Another authority"),
    "DEPARTMENTS": _("The departments concerned"),
}

#: Words of the dimensions that a figure can be divided by.
DIMENSIONS = {
    "case_type": _("By case type"),
    "step": _("By step"),
    "month": _("By month"),
    "level": _("By level"),
    "reason": _("By reason"),
    "remark": _("By remark"),
    "decider": _("By decider"),
    "pair": _("Pairs that stand out"),
    "stage": _("By stage"),
}

#: Stages of a national supervision, and how far a figure is from the others.
STAGES = {
    "DEMAND_1": _("First demand"),
    "DEMAND_2": _("Second demand"),
    "DEMAND_3": _("Third demand or later"),
    "FINAL": _("Final decision"),
    "INTERVENTION": _("Intervention"),
    "WARNING": _("Unusual"),
    "ALERT": _("Very unusual"),
}

_ALL = {
    **CASE_TYPES,
    **ROLES,
    **ACTS,
    **DECISIONS,
    **ANSWERS,
    **OUTCOMES,
    **REASONS,
    **STATES,
    **GRANTS,
    **FORUMS,
    **DECLARATIONS,
    **EVENTS,
    **LINKS,
    **LETTERS,
    **PARTIES,
    **STAGES,
}


def case_type(code: str) -> str:
    """Return the words of a case type; one of them shares its code with a role."""
    return str(CASE_TYPES.get(code, code))


def of(code: str) -> str:
    """Return the words of a code. A code without words of its own is shown as the order words it, or as it is."""
    return str(_ALL.get(code) or vocabulary.DECISION_TYPES.get(code, code))
