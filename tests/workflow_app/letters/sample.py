"""Data for one of each letter: everything that a template may ask for, and nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from workflow_app.engine import bundles, letters

BPMN = Path(settings.BASE_DIR) / "bpmn"

LONG = (
    "Boendet saknar rutiner för att förebygga våld mellan de boende. Två av fem intervjuade ungdomar säger att de inte"
    " känner sig trygga på kvällarna, och personalen har inte utbildats i bemötande under det senaste året.\n"
    "Inspektionen visar också att registerkontroll saknas för tre anställda."
)
_PROPOSED = """operative_text measures statements_weighed proportionality respondents
    amount_reasoning"""
OFFICIAL = {"name": "Inspektör Sjutton", "role": "Inspektör"}
JURIST = {"name": "Jurist Nio", "role": "Biträdande chefsjurist"}


def templates() -> list[tuple[str, str]]:
    """List every letter by the folder it stands in and its name."""
    found = sorted(BPMN.glob("*/letters/[a-z]*.typ"))
    return [(path.parents[1].name, path.stem) for path in found]


def template(folder: str, name: str) -> dict[str, str]:
    """Give the files that set a letter of a case type; of ``shared``, the shared one."""
    files = bundles.read_bundle(BPMN / ("etv" if folder == "shared" else folder))
    texts = {file: data.decode() for file, data in files.items()}
    if folder == "shared":
        texts = {file: text for file, text in texts.items() if not file.startswith("letters/")}
    return letters.template(texts, name)


def decision(**changed: Any) -> dict[str, Any]:
    return {
        "type": "INJUNCTION_FINE",
        "name": "föreläggande med vite",
        "number": 2,
        "date": "23 november 2026",
        "decider": {"name": "Avdelningschef ETV", "role": "Avdelningschef"},
        "rapporteur": OFFICIAL,
        "participants": [JURIST],
        "dissents": [{"person": JURIST, "opinion": "Ett föreläggande utan vite hade räckt."}],
        "fields": dict.fromkeys(_PROPOSED.split(), LONG),
        "amount": "50 000 kronor",
        "reasons": LONG,
        "legal_basis": ["7 kap. 24 § patientsäkerhetslagen (2010:659)", "lagen (1985:206) om viten"],
        "appealable": True,
        "order": "2026:1",
        "rule": "DO-046",
        "corrects": None,
        "masked": False,
    } | changed


def data(texts: dict[str, str | None] | None = None, **changed: Any) -> dict[str, Any]:
    """Return what a letter is given, with ``texts`` among its facts in words."""
    return {
        "letter": {"name": "decision", "date": "23 november 2026", "language": "sv", "draft": False},
        "authority": settings.BEREDD_AUTHORITY | {"logo": False},
        "case": {
            "number": "DVO 2026-000123",
            "type": "ETV",
            "type_name": "Egeninitierad tillsyn av enskild verksamhet",
            "title": "HVB Enhet 0417",
        },
        "recipient": None,
        "for_information": False,
        "also_to": [],
        "facts": {},
        "texts": texts or {},
        "official": OFFICIAL,
        "decision": decision(),
        "decisions": [decision()],
    } | changed


_FACTS = """provider_name unit_name unit_type municipality_board principal_name material answer_by inspection_date
    inspection_place inspection_type legal_questions methods to_hear requested_material completion_request missing_items
    statement_from request_purpose request_burden volume answer_wanted_by observations persons_heard inspected_on
    inspectors_present seized_documents appeal_grounds appeal_received_on decision_served_on appellant court
    change_reasons forwarded_to danger_description event_summary protective_contacts licensed_person_id
    permit_conditions permit_group permit_places permit_number permit_until manager_reference effort_type law
    delay_days delay_months fee_amount
    board_statement favourable_decision_on interrupted_on individual_reference
    complaint_summary received_on complaint_questions reply_due fee notice_text
    requested_on requested_documents document_numbers not_held_message referred_to secrecy_provisions delay_reason
    decision_expected_on"""


def everything() -> dict[str, str | None]:
    """Return facts in words for every letter, some of them long."""
    return {name: LONG if name in {"material", "observations", "notice_text"} else "Uppgift" for name in _FACTS.split()}
