"""Beredd's application, floor by floor; imports run downwards only.

config · web | jobs | cli · statistics | modeler · cases · enforcement · engine | orders ·
organisation | ledger | outbox | calendar. Under the house lies ``delegation``, which knows none of it.
Start reading in ``cases.commands``: every change to a case passes through it.
"""

from __future__ import annotations
