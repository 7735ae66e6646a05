"""What the planning knows of the demo authority: the same for the same registers and people (domain 8.2)."""

from __future__ import annotations

import hashlib

from workflow_app.organisation import selectors as organisation
from workflow_app.registry import selectors as registry
from workflow_app.registry.models import UnitKind
from workflow_app.worklist import planning_data
from workflow_app.worklist.models import InspectorProfile

#: As wide and as long as the country.
_EAST, _NORTH = 500, 1500
#: 850 homes, two each: some of it to spare among the inspectors of homes.
_VISITS = 26
_HOMES = (UnitKind.HVB, UnitKind.SUPPORTED_HOUSING, UnitKind.SIS, UnitKind.LSS_CHILDREN)


def create() -> int:
    """Describe every appointed inspector of homes, once; return how many."""
    if InspectorProfile.objects.exists():
        return 0
    municipalities = registry.municipalities()
    planning_data.take_places(
        {
            "municipality": code,
            "east": str(_draw("east", code, _EAST)),
            "north": str(_draw("north", code, _NORTH)),
        }
        for code in municipalities
    )
    held = organisation.appointments()
    staff = organisation.codes(held)
    inspectors = [staff[str(person)] for person, roles in held.items() if ("INSP", "FTB") in roles]
    return planning_data.take_inspectors(
        {
            "inspector": code,
            "senior": "YES" if _draw("senior", code, 100) < 45 else "NO",
            # One kind that the inspector does not know, or none.
            "kinds": " ".join(kind for place, kind in enumerate(_HOMES) if place != _draw("kind", code, 8)),
            "station": municipalities[_draw("station", code, len(municipalities))],
            "visits": str(_VISITS - 2 + _draw("visits", code, 5)),
        }
        for code in inspectors
    )


def _draw(what: str, code: str, below: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{what}/{code}".encode()).digest()[:6]) % below
