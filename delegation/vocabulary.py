"""The words that an order may use: case types, decision types, facts, and words it must not use.

A fact that nobody has stated counts as its default here. A default never makes a decision right wider than a
stated value would, with one reading of "stated": a *flag* is raised by someone or by a register, so a flag that
is not raised is false. Facts that choose between bands have no default; without them the row can't be evaluated,
and that bars.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

CASE_TYPES: Final[Mapping[str, str]] = {
    "ADM": "Administration",
    "UPPL": "Upplysning",
    "ETV": "Egeninitierad tillsyn av enskild verksamhet",
    "NTS": "Nationell tillsyn på systemnivå",
    "FTB": "Frekvenstillsyn",
    "TIL": "Tillståndsprövning",
    "EVB": "Ej verkställda beslut",
    "EKP": "Enskildas klagomål",
    "TLP": "Tillsyn av legitimerad personal",
    "LMA": "Lex Maria",
    "LSA": "Lex Sarah",
    "UTL": "Utlämnande av allmän handling",
}

DECISION_TYPES: Final[Mapping[str, str]] = {
    "ADOPT_ORDER": "fastställa arbetsordning eller delegationsordning",
    "LEGAL_POSITION": "rättsligt ställningstagande",
    "CONFLICT_RULING": "jävsprövning",
    "COMMUNICATE": "kommunicering, frist eller anstånd",
    "REFRAIN_COMMUNICATION": "avstå från kommunicering",
    "DATA_REQUEST": "begäran om uppgifter eller journaler",
    "INFORMATION_INJUNCTION": "föreläggande att lämna uppgifter",
    "INFORMATION_INJUNCTION_FINE": "föreläggande att lämna uppgifter, med vite",
    "CHANGE_DECISION": "ändring eller omprövning",
    "CORRECTION": "rättelse",
    "DISMISS_LATE_APPEAL": "avvisa för sent överklagande",
    "FORWARD_APPEAL": "överlämna överklagande",
    "REFUSE_TO_DECIDE": "avslå begäran om avgörande",
    "DISMISS": "avvisa framställning",
    "STRIKE_OUT": "avskriva ärende",
    "REJECT_COUNSEL": "avvisa ombud eller biträde",
    "IMMEDIATE_ENFORCEMENT": "omedelbar verkställighet",
    "COURT_PLEADING": "yttrande i domstol",
    "COUNSEL_MANDATE": "fullmakt att föra talan",
    "APPEAL_JUDGMENT": "överklaga dom",
    "FINE_APPLICATION": "ansökan om utdömande av vite",
    "FINE_NOT_APPLIED": "inte ansöka om utdömande av vite",
    "POLICE_ASSISTANCE": "begäran om polishandräckning",
    "PROSECUTION_REPORT": "åtalsanmälan",
    "PROTECTIVE_REPORT": "polisanmälan eller orosanmälan",
    "ENGAGE_EXPERT": "anlita expert",
    "REPLY_OVERSIGHT": "svar till tillsynsorgan",
    "REGISTER_INFORMATION": "registrera upplysning",
    "RISK_CLASS_LOW": "riskklass låg",
    "RISK_CLASS_MEDIUM": "riskklass medel",
    "RISK_CLASS_HIGH": "riskklass hög",
    "RISK_CLASS_ACUTE": "riskklass akut",
    "RISK_CLASS_OVERRIDE": "nedklassning av risk",
    "NO_SUPERVISION": "inte inleda tillsyn",
    "NO_SUPERVISION_HIGH_RISK": "inte inleda tillsyn trots hög risk",
    "FORWARD_TO_AUTHORITY": "överlämna till annan",
    "OPEN_SUPERVISION": "inleda tillsyn av verksamhet",
    "OPEN_SUPERVISION_PRINCIPAL": "inleda tillsyn av huvudman",
    "INSPECTION": "inspektion",
    "SEIZE_DOCUMENTS": "tillfälligt omhänderta handlingar",
    "NO_DEFICIENCY": "beslut utan brister",
    "DEFICIENCY_NO_DEMAND": "brister utan krav",
    "DEMAND_REPORT_1": "krav på återredovisning, första",
    "DEMAND_REPORT_2": "krav på återredovisning, andra",
    "DEMAND_REPORT_3": "krav på återredovisning, tredje",
    "DEMAND_REPORT_4": "krav på återredovisning, fjärde",
    "FINAL_ACCEPTED": "slutligt beslut, återredovisning godtagen",
    "INJUNCTION": "föreläggande",
    "INJUNCTION_FINE": "föreläggande med vite",
    "BAN_AFTER": "förbud efter föreläggande",
    "REVOKE_AFTER": "återkallelse efter föreläggande",
    "BAN_DIRECT": "förbud utan föreläggande",
    "REVOKE_DIRECT": "återkallelse utan föreläggande",
    "INTERIM_BAN": "interimistiskt förbud",
    "INTERIM_EXTEND": "förlängning av interimistiskt förbud",
    "REVOKE_SUITABILITY": "återkallelse på grund av lämplighet",
    "REVOKE_REGISTER_CHECK": "återkallelse eller förbud på grund av registerkontroll",
    "PERSONAL_FILE": "omhändertagande av personakt",
    "INJUNCTION_NOTIFY": "föreläggande att anmäla verksamhet",
    "START_NATIONAL_SUPERVISION": "besluta nationell tillsyn",
    "ADOPT_CRITERIA": "fastställa frågor, kriterier och urval",
    "DEVIATE_CRITERIA": "avvika från kriterier",
    "PUBLISH_REPORT": "publicera nationell rapport",
    "ADOPT_INSPECTION_PLAN": "riskanalys och inspektionsplan",
    "ASSIGN_INSPECTORS": "tilldela inspektörer",
    "ROTATION_EXEMPTION": "undantag från arbetsrotation",
    "ACCEPT_NO_CHILD_CONVERSATION": "godta att barnsamtal inte hållits",
    "PERMIT_COMPLETE": "föreläggande om komplettering",
    "PERMIT_DISMISS": "avvisa ofullständig ansökan",
    "PERMIT_GRANT": "bevilja nytt tillstånd",
    "PERMIT_CHANGE": "bevilja ändring",
    "PERMIT_MANAGER": "godkänna föreståndare",
    "PERMIT_GRANT_COND": "bevilja med villkor",
    "PERMIT_REFUSE_CONTENT": "avslag på innehåll",
    "PERMIT_REFUSE_SUITABILITY": "avslag på lämplighet",
    "PERMIT_REVOKE_REQUEST": "återkallelse på egen begäran",
    "CLOSE_REPORT": "avsluta rapport",
    "REQUEST_STATEMENT": "begära yttrande från kommun",
    "CLOSE_WITHOUT_APPLICATION": "avsluta utan ansökan",
    "FEE_APPLICATION": "ansökan om särskild avgift",
    "WITHDRAW_APPLICATION": "återkalla ansökan",
    "APPEAL_FEE_JUDGMENT": "överklaga dom om avgift",
    "NOT_INVESTIGATED": "inte utreda",
    "NOT_INVESTIGATED_OUTSIDE": "inte utreda, utanför utredningsskyldigheten",
    "HANDED_OVER": "överlämna klagomål",
    "SEND_DRAFT": "utsända förslag till beslut",
    "NO_CRITICISM": "beslut utan kritik",
    "CRITICISM": "beslut med kritik",
    "TRANSFER_SUPERVISION": "övergång till tillsyn",
    "OPEN_PERSON_CASE": "inleda initiativärende",
    "OBTAIN_OWN_RECORDS": "inhämta yrkesutövarens egen journal",
    "HSAN_PROBATION": "anmälan om prövotid",
    "HSAN_PRESCRIBE": "anmälan om begränsad förskrivning",
    "HSAN_REVOKE": "anmälan om återkallelse av legitimation",
    "HSAN_INTERIM": "yrkande om interimistisk återkallelse",
    "NO_HSAN_REPORT": "inte anmäla till HSAN",
    "PROSECUTION_REPORT_STAFF": "åtalsanmälan mot personal",
    "HSAN_APPEAL": "överklaga HSAN:s beslut",
    "PROFESSION_BAN": "förbud enligt 10 kap. 8 § PSL",
    "CLOSE_LEX_MARIA": "avsluta lex Maria",
    "LEX_MARIA_DEFICIENCY": "lex Maria, brister",
    "CLOSE_LEX_SARAH": "avsluta lex Sarah",
    "LEX_SARAH_DEFICIENCY": "lex Sarah, brister",
    "DISCLOSE": "lämna ut handling",
    "REFUSE_DISCLOSURE": "avslag på begäran om handling",
    "DISCLOSE_RESERVATION": "lämna ut med förbehåll",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A case fact that an order may use as a condition."""

    #: FEEL type: ``boolean``, ``number``, ``string`` or ``list``.
    type: str
    label: str
    #: Value when nobody has stated the fact; ``None`` means that it must be stated.
    default: Any = None
    #: The only values a string may take; empty when it is free.
    values: tuple[str, ...] = ()


def _flag(label: str) -> Fact:
    return Fact(type="boolean", label=label, default=False)


def _stated(label: str) -> Fact:
    return Fact(type="boolean", label=label)


def _assumed(label: str) -> Fact:
    return Fact(type="boolean", label=label, default=True)


def _number(label: str, default: int | None = None) -> Fact:
    return Fact(type="number", label=label, default=None if default is None else Decimal(default))


FACTS: Final[Mapping[str, Fact]] = {
    # Choose the row or band.
    "principle": _flag("Principiell betydelse"),
    "amount": _number("Belopp (kr)"),
    "volume": _number("Antal journaler"),
    "volume_12_months": _number("Antal journaler från huvudmannen, tolv månader", 0),
    "affected_persons": _number("Berörda boende eller patienter"),
    "several_units": _stated("Flera verksamheter"),
    "with_fine": _stated("Med vite"),
    "secrecy": _assumed("Sekretess kan gälla"),
    "chief_jurist_unreachable": _flag("Chefsjuristen nås inte"),
    "extension_number": _number("Anstånd, antal", 0),
    "extension_weeks": _number("Anstånd, veckor sammanlagt", 0),
    "challenged_role": Fact(type="string", label="Roll hos den som jävsinvändningen gäller"),
    "original_role": Fact(
        type="string",
        label="Roll hos den som fattade det ursprungliga beslutet",
        values=("INSP", "HL", "EC_N", "EC_T", "AC_N", "AC_T", "GD", "STF", "UPPL", "REG", "AJ", "BCJ", "CJ", "TCL"),
    ),
    "court": Fact(type="string", label="Domstol", values=("FR", "KR", "HFD")),
    "delay_months": _number("Dröjsmål, månader"),
    "coercive_care": _assumed("Tvångsvård"),
    "secrecy_doubt": _assumed("Tvekan om sekretess"),
    "protected_matter": _stated("Skyddat barn, anmälares identitet eller kriminell aktör"),
    "renewed_fee": _stated("Ny avgift"),
    "sampled": _assumed("I urval för fyra ögon"),
    # Say what the row's outcome carries.
    "original_appealable": _stated("Det ursprungliga beslutet var överklagbart"),
    "main_decision_appealable": _stated("Beslutet i huvudsaken är överklagbart"),
    "skill_question": _stated("Fråga om yrkesskicklighet"),
    "death": _stated("Dödsfall"),
    # Trigger joint preparation (domain 3.4).
    "new_legal_question": _flag("Ny rättsfråga"),
    "first_use": _flag("Första användning nationellt"),
    "departs_from_praxis": _flag("Avviker från praxis"),
    "case_types_concerned": _number("Berörda ärendeslag", 1),
    "departments_with_open_cases": _number("Avdelningar där huvudmannen har öppna ärenden", 0),
    "open_permit_case": _flag("Öppet tillståndsärende"),
    "open_serious_supervision": _flag("Öppen allvarlig tillsyn"),
    "child_harm": _flag("Barn utsatt eller i fara"),
    "actor_flag": _flag("Oseriös eller kriminell aktör"),
    "medical": _stated("Medicinsk bedömning avgörande"),
    "medical_disputed": _flag("Medicinsk bedömning omtvistad"),
    "departs_from_criteria": _flag("Avviker från kriterier eller jämförbara beslut"),
    "pattern_alert": _flag("Mönstersignal om huvudmannen"),
    # Open a row for sub-delegation; unstated, it stays closed.
    "same_measure_decided_nationally": _flag("Samma åtgärd redan beslutad nationellt"),
    "announced": _flag("Anmäld inspektion"),
    "withdrawn": _flag("Ansökan återkallad"),
    "partial_effect": _flag("Planen visar delvis effekt"),
    "danger": _assumed("Fara för liv, hälsa eller säkerhet"),
    "dates_only": _flag("Bara datum"),
    "only_insight_failed": _flag("Bara insiktsprövningen underkänd"),
    "follows_table": _flag("Beloppet följer beslutad tabell"),
    "position_exists": _flag("Ställningstagande finns"),
    "physician_agrees": _flag("Tillsynsläkaren instämmer"),
    "low_complexity": _flag("Kodad låg komplexitet"),
    # Read by duties, never by the tables.
    "repeat_number": _number("Upprepat krav, nummer i ordningen"),
    "criterion_codes": Fact(type="list", label="Kriteriekoder"),
}

#: Words that would let a place decide who may decide (R-10). Whole words, in any casing.
FORBIDDEN_WORDS: Final = frozenset(
    [
        "department",
        "departments",
        "county",
        "counties",
        "office",
        "offices",
        "region",
        "regions",
        "regional",
        "location",
        "site",
        "place",
        "unit_of",
        "avdelning",
        "avdelningar",
        "avdelningen",
        "län",
        "länet",
        "kontor",
        "kontoret",
        "ort",
        "orten",
        "regionen",
        "regioner",
        "regional",
        "kommun",
        "kommunen",
        "municipality",
        "enhet",
        "enheten",
        "sektion",
        "linje",
    ]
)
#: A count says how many places, never which.
ALLOWED_COUNTS: Final = frozenset({"departments_with_open_cases"})
