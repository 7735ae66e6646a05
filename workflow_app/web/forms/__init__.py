"""Forms of process steps: a form-js description in, an accessible and strict Django form out.

``schema`` reads the description, ``fields`` holds the Swedish fields, ``step_form`` joins them.
"""

from __future__ import annotations
