"""The controls that stand between a right and its use, one family a module.

A duty yields ``Duty`` values: met or not. It raises ``Unevaluable`` when it can't tell, and that bars.
"""

from __future__ import annotations
