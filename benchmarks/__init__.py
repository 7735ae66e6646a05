"""What Beredd costs, measured. ``make bench`` runs ``commands`` and ``rules``; figures stand in docs/performance.md."""

from __future__ import annotations
