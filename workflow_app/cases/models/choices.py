"""Words that several tables of a case choose from."""

from __future__ import annotations

from delegation.recipients import Party
from delegation.types import Act, Answer

ACTS = [(act.value, act.value.lower()) for act in Act]
ANSWERS = [(answer.value, answer.value.lower()) for answer in Answer]
PARTIES = [(party.value, party.value.lower()) for party in Party]
