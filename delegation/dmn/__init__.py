"""Decision models: read, evaluate and check DMN (decision tables first of all).

``reader.read`` makes a ``model.Model`` of bytes; ``table.DecisionTable`` and ``graph.DecisionGraph`` evaluate;
``checks.check`` says what is wrong with a table before anyone relies on it. May import ``delegation.feel``.
Start reading in ``model``.
"""

from __future__ import annotations
