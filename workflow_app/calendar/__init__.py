"""Legal time: Swedish working days and the periods counted in them (lag 1930:173).

Pure; imports nothing of the house. A deadline is computed once and frozen in its row, so that an upgrade of the
holiday list never moves an old deadline.
"""

from __future__ import annotations
