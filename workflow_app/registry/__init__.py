"""What cases are about: supervised units, their providers, municipalities and regions, licensed persons (S-42).

Entries come from files that a registrar imports (``services``); nothing is deleted, and every change keeps what was
there before. Other rooms look things up in ``selectors`` by code. A code says nothing about anyone.
"""

from __future__ import annotations
