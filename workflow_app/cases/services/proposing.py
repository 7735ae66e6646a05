"""Edit a proposal that is already being prepared."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from delegation.types import Act
from workflow_app.cases import acts, commands, filling, forms, sealing
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import NothingToAmend, StaleEdit
from workflow_app.cases.models import CaseAct, Proposal
from workflow_app.cases.turn import Turn
from workflow_app.engine import selectors as engine
from workflow_app.engine.nodes import Node
from workflow_app.ledger.events import EventKind


def undecided(turn: Turn) -> Proposal:
    """Return the proposal that can still be edited. Raises ``NothingToAmend``."""
    if turn.proposal is None or turn.standing.decided:
        raise NothingToAmend("there is no undecided proposal to edit")
    return turn.proposal


def written_in(turn: Turn) -> tuple[Node, str]:
    """Return the step in which the case's proposals are written, and its form."""
    written = CaseAct.objects.filter(case=turn.case, act=Act.PREPARE.value).exclude(proposal_hash="")
    node = turn.net.node(written.latest("at").node)
    schema = engine.form(turn.case.definition_id, node.step.form) if node.step and node.step.form else forms.NONE
    return node, schema or forms.NONE


def amend(
    *, case: uuid.UUID, by: uuid.UUID, fields: Mapping[str, Any], seen_hash: str, key: str, at: datetime
) -> Outcome:
    """Write a new version of the proposal in force. Every review and opinion on the version before is void (R-22).

    Those may who may do the step that it was written in.

    Raises ``StaleEdit`` when the proposal is no longer the one the page showed, ``NothingToAmend`` when it is
    decided, ``FormRefused`` and ``NotAuthorised`` (recorded).
    """

    def verb(turn: Turn) -> None:
        if undecided(turn).content_hash != seen_hash:
            raise StaleEdit("somebody has written a newer version of the proposal; read it before you go on")
        node, schema = written_in(turn)
        values = filling.clean(schema, fields, turn.facts.values, at=turn.at)
        permit = turn.require(Act.PREPARE, node=node)
        values = sealing.seal(turn, schema, values)
        turn.facts.take(values)
        turn.stand(prepared_by=turn.standing.prepared_by | {turn.person})
        proposal = acts.write_proposal(turn, values)
        turn.record(permit, fields=values, node=node.id, proposal_hash=proposal.content_hash)
        turn.name(
            EventKind.PROPOSAL_AMENDED,
            matter=proposal.matter,
            version=proposal.version,
            decision_type=proposal.decision_type,
            proposal=proposal.content_hash,
        )

    return commands.run(Command(key=key, person=by, at=at, case=case), verb)
