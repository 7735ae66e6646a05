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
    "ADOPT_ORDER": _("Adopt rules of procedure or delegation order"),
    "LEGAL_POSITION": _("Legal position"),
    "CHANGE_DECISION": _("Change of a decision"),
    "DISMISS_LATE_APPEAL": _("Dismiss an appeal that came too late"),
    "FORWARD_APPEAL": _("Hand over an appeal"),
    "REFUSE_TO_DECIDE": _("Refuse a request to decide"),
    "DISMISS": _("Dismiss a submission"),
    "STRIKE_OUT": _("Strike a case out"),
    "REJECT_COUNSEL": _("Reject counsel or assistant"),
    "IMMEDIATE_ENFORCEMENT": _("Immediate enforcement"),
    "COURT_PLEADING": _("Statement to a court"),
    "COUNSEL_MANDATE": _("Power of attorney"),
    "APPEAL_JUDGMENT": _("Appeal a judgment"),
    "FINE_NOT_APPLIED": _("Do not apply for a fine"),
    "ENGAGE_EXPERT": _("Engage an expert"),
    "REPLY_OVERSIGHT": _("Reply to an oversight body"),
    "REGISTER_INFORMATION": _("Register information"),
    "RISK_CLASS_LOW": _("Risk class low"),
    "RISK_CLASS_MEDIUM": _("Risk class medium"),
    "RISK_CLASS_HIGH": _("Risk class high"),
    "RISK_CLASS_ACUTE": _("Risk class acute"),
    "RISK_CLASS_OVERRIDE": _("Lower the risk class"),
    "DEMAND_REPORT_4": _("Demand for a report, fourth"),
    "START_NATIONAL_SUPERVISION": _("Start national supervision"),
    "ADOPT_CRITERIA": _("Adopt questions, criteria and sample"),
    "DEVIATE_CRITERIA": _("Deviate from criteria"),
    "PUBLISH_REPORT": _("Publish a national report"),
    "ADOPT_INSPECTION_PLAN": _("Adopt risk analysis and inspection plan"),
    "ASSIGN_INSPECTORS": _("Assign inspectors"),
    "ROTATION_EXEMPTION": _("Exemption from rotation"),
    "ACCEPT_NO_CHILD_CONVERSATION": _("Accept that no conversation with children was held"),
    "PERMIT_COMPLETE": _("Order to complete an application"),
    "PERMIT_DISMISS": _("Dismiss an incomplete application"),
    "PERMIT_GRANT": _("Grant a new permit"),
    "PERMIT_CHANGE": _("Grant a change of permit"),
    "PERMIT_MANAGER": _("Approve a manager"),
    "PERMIT_GRANT_COND": _("Grant a permit with conditions"),
    "PERMIT_REFUSE_CONTENT": _("Refuse a permit on its content"),
    "PERMIT_REFUSE_SUITABILITY": _("Refuse a permit on suitability"),
    "PERMIT_REVOKE_REQUEST": _("Revoke a permit at the holder's request"),
    "CLOSE_REPORT": _("Close a report"),
    "REQUEST_STATEMENT": _("Request a statement from the municipality"),
    "CLOSE_WITHOUT_APPLICATION": _("Close without application"),
    "FEE_APPLICATION": _("Apply for a special fee"),
    "WITHDRAW_APPLICATION": _("Withdraw an application"),
    "APPEAL_FEE_JUDGMENT": _("Appeal a judgment on a fee"),
    "NOT_INVESTIGATED": _("Do not investigate"),
    "NOT_INVESTIGATED_OUTSIDE": _("Do not investigate, outside the duty"),
    "HANDED_OVER": _("Hand over a complaint"),
    "SEND_DRAFT": _("Send out a draft decision"),
    "NO_CRITICISM": _("Decision without criticism"),
    "CRITICISM": _("Decision with criticism"),
    "TRANSFER_SUPERVISION": _("Go over to supervision"),
    "OPEN_PERSON_CASE": _("Open a case on own initiative"),
    "OBTAIN_OWN_RECORDS": _("Obtain the licensed person's own records"),
    "HSAN_PROBATION": _("Report for probation"),
    "HSAN_PRESCRIBE": _("Report for restricted prescribing"),
    "HSAN_REVOKE": _("Report for revocation of a licence"),
    "HSAN_INTERIM": _("Claim for interim revocation"),
    "NO_HSAN_REPORT": _("Do not report to the disciplinary board"),
    "PROSECUTION_REPORT_STAFF": _("Report staff for prosecution"),
    "HSAN_APPEAL": _("Appeal the disciplinary board's decision"),
    "PROFESSION_BAN": _("Ban on practice (PSL 10:8)"),
    "CLOSE_LEX_MARIA": _("Close lex Maria"),
    "LEX_MARIA_DEFICIENCY": _("Lex Maria, deficiencies"),
    "CLOSE_LEX_SARAH": _("Close lex Sarah"),
    "LEX_SARAH_DEFICIENCY": _("Lex Sarah, deficiencies"),
    "DISCLOSE": _("Disclose a document"),
    "REFUSE_DISCLOSURE": _("Refuse to disclose a document"),
    "DISCLOSE_RESERVATION": _("Disclose with a reservation"),
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

#: Grounds of 16 § that a ruling has tried, and signs that the house has seen itself.
GROUNDS = {
    "PARTY": _("Party, or affected by the outcome (16 § first paragraph 1)"),
    "RELATED": _("A relative is party or affected (16 § first paragraph 2)"),
    "REPRESENTATIVE": _("Has represented a party (16 § first paragraph 3)"),
    "OTHER_AUTHORITY": _("Took part in another authority's final handling (16 § first paragraph 4)"),
    "OTHER": _("Another circumstance that shakes confidence (16 § first paragraph 5)"),
}
SEALED_KINDS = {
    "CIRCUMSTANCE": _("The circumstance"),
    "OPINION": _("The jurist's opinion"),
    "RULING": _("Reasons for the ruling"),
    "NECESSITY": _("Why nobody else can do it in time"),
}
SIGNS = {
    "PARTY": _("is the party"),
    "OWNER": _("owns or leads it"),
    "RELATED": _("is related to somebody there"),
    "EMPLOYED": _("is or was on its staff list"),
    "SIDE_JOB": _("has a side job there"),
    "REPRESENTATIVE": _("has represented it"),
    "OTHER_AUTHORITY": _("took part in its decisions at another authority"),
    "EARLIER_DECISION": _("has decided the case that it comes from"),
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
    "DECISION_CORRECTED": _("Decision corrected"),
    "ORAL_INFORMATION_NOTED": _("What was said is noted"),
    "CASE_READ": _("Secret case read"),
    "READ_REFUSED": _("Reading refused"),
    "REASONS_READ": _("Sealed reasons read"),
    "TASK_NECESSARY": _("Somebody in conflict called on for a step"),
    "IDENTITY_READ": _("Name behind a pseudonym read"),
    "CASE_WALLED": _("Case hidden: an actor is flagged"),
    "WALL_CHANGED": _("Need-to-know list changed"),
    "WALL_LIFTED": _("Case no longer hidden"),
    "EXCEPTION_GIVEN": _("Person let in by name"),
    "EXCEPTION_ENDED": _("Person no longer let in by name"),
    "PARTY_EXPORTED": _("Material handed to a party"),
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
    "not_held": _("Word that a document is not held"),
    "notice": _("Notice of supervision"),
    "report": _("Report to another authority"),
    "right_to_decision": _("Word of the right to a decision"),
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

#: What a person can be let into a case for, by name.
EXCEPTIONS = {
    "read_case": _("Read the case"),
    "audit_case": _("Audit the case"),
    "read_identity": _("Read the names kept apart"),
}

#: Why something is kept from a party.
KEPT_BACK = {
    "CHILD": _("A child must be protected"),
    "NOTIFIER": _("The notifier must be protected"),
    "PRIVATE": _("Another person's health or private circumstances"),
    "CRIME": _("A crime is being investigated"),
    "ACTOR": _("An actor is flagged"),
}

#: Whose names are kept apart from a case.
SEALED = {
    "CHILD": _("A child"),
    "NOTIFIER": _("A notifier"),
    "PERSON": _("Another person"),
}

#: What a rule of the catalogue does, and when.
SEVERITIES = {
    "REFUSE": _("is refused"),
    "WARN": _("warns"),
    "REPORT": _("is done and reported"),
}
MOMENTS = {
    "TASK": _("when work is given and taken"),
    "PREPARATION": _("in preparation"),
    "REVIEW": _("in review and joint preparation"),
    "DECISION": _("at the decision"),
    "DISPATCH": _("at dispatch"),
    "GRANT": _("when rights are given and end"),
    "ADOPTION": _("when the order or a process is adopted"),
    "CLOCK": _("as time passes"),
    "READING": _("in reading and keeping"),
    "STATISTICS": _("in statistics"),
}
#: How far a legal basis has been checked.
CHECKED = {
    "V": _("against the statute"),
    "P": _("against a public document"),
    "GK": _("to be confirmed"),
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
    **EXCEPTIONS,
}


def case_type(code: str) -> str:
    """Return the words of a case type; one of them shares its code with a role."""
    return str(CASE_TYPES.get(code, code))


def of(code: str) -> str:
    """Return the words of a code. A code without words of its own is shown as the order words it, or as it is."""
    return str(_ALL.get(code) or vocabulary.DECISION_TYPES.get(code, code))
