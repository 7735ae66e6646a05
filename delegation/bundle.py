"""The files of an order: four decision-table files and a registry, adopted and summed as one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

RULES: Final = "rules.dmn"
JOINT_PREPARATION: Final = "joint_preparation.dmn"
ESCALATION: Final = "escalation.dmn"
ROLES: Final = "roles.dmn"
LEGAL_BASIS: Final = "legal_basis.toml"
FILES: Final = (RULES, JOINT_PREPARATION, ESCALATION, ROLES, LEGAL_BASIS)

#: Decision tables of each file, by decision id.
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    RULES: ("rules",),
    JOINT_PREPARATION: ("joint_triggers", "joint_participants"),
    ESCALATION: ("escalation", "escalation_timeouts"),
    ROLES: ("roles",),
}


def digest(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of a bundle: names, lengths and bytes, in the order of the names."""
    total = hashlib.sha256()
    for name in FILES:
        total.update(f"{name}\0{len(files[name])}\0".encode())
        total.update(files[name])
    return total.hexdigest()
