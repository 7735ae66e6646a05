from __future__ import annotations

from tests.delegation.conftest import order

__all__ = ["order"]
