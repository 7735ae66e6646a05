from __future__ import annotations

from tests.workflow_app.conftest import office as office
