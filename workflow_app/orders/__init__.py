"""The adopted delegation orders: whole versions with a validity period; two never overlap.

Policy administration only: what an order means is answered by ``delegation``.
"""

from __future__ import annotations
