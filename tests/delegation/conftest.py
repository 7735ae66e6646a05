"""The shipped order for the tests of the core. No test here touches a database."""

from __future__ import annotations

import pytest

from delegation.order import DelegationOrder
from tests.delegation.authority import shipped


@pytest.fixture(scope="session")
def order() -> DelegationOrder:
    """Return the shipped order."""
    return shipped()
