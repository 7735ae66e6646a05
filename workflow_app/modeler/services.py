"""Release process models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from workflow_app.cases import operations
from workflow_app.engine import services as engine
from workflow_app.engine.models import ProcessDefinition
from workflow_app.engine.vocabulary import Vocabulary


def deploy(*, files: Mapping[str, bytes], by: str, at: datetime) -> ProcessDefinition:
    """Store a bundle as the next version of its process. The same bundle again gives the version it already has.

    Raises ``engine.errors.ModelRefused`` with every finding.
    """
    return engine.deploy(files, at=at, by=by, vocabulary=Vocabulary(operations=frozenset(operations.REGISTRY)))
