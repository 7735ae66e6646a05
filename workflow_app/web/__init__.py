"""The pages people meet: forms, worklist, cases, the order. Calls services and selectors, never tables.

Start reading in ``urls.py``; ``forms/`` turns a step's form-js description into an accessible Django form.
"""

from __future__ import annotations
