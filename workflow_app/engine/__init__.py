"""Deployed processes and the net that runs them. The only room that knows SpiffWorkflow.

A model's way: ``bundles`` reads its folder; ``checking`` takes it through ``parsing`` (bytes, schema), ``profile``
(elements, shape, steps, expressions), ``calls``, ``compiler`` (the net), ``cycles`` and ``soundness``; ``services``
deploys what is left standing. A case's way: ``selectors`` gives the net of its definition, ``net`` takes its marking
from one state to the next, ``timers`` says when what it waits for is due. Start reading in ``net``.

May import ``delegation``, ``ledger``; ``net`` and ``soundness``, and what they stand on, import neither Django nor
SpiffWorkflow.
"""

from __future__ import annotations
