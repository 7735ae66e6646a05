"""Release process models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from workflow_app.cases import operations
from workflow_app.engine import services as engine
from workflow_app.engine.models import ProcessDefinition
from workflow_app.engine.vocabulary import Vocabulary
from workflow_app.orders import selectors as orders


def deploy(*, files: Mapping[str, bytes], by: str, at: datetime) -> ProcessDefinition:
    """Store a bundle as the next version of its process. The same bundle again gives the version it already has.

    Legal bases are looked up in the order in force, where there is one. Raises ``engine.errors.ModelRefused`` with
    every finding.
    """
    version = orders.in_force(at).first()
    bases = orders.order(version.pk).legal_basis.keys if version else None
    words = Vocabulary(operations=frozenset(operations.REGISTRY), legal_bases=bases)
    return engine.deploy(files, at=at, by=by, vocabulary=words)
