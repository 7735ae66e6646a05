"""``manage.py tour``: one case in the terminal, each act, verdict and ledger line explained."""

from __future__ import annotations

import uuid
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from delegation.types import Act
from workflow_app.cases import selectors as cases
from workflow_app.cases.errors import NotAuthorised
from workflow_app.cases.services import opening, work
from workflow_app.cli import output
from workflow_app.cli import story as stories
from workflow_app.enforcement import explanation
from workflow_app.ledger import selectors as ledger
from workflow_app.modeler.scenarios import Step
from workflow_app.organisation import selectors as organisation

TICK = timedelta(minutes=1)


class Command(BaseCommand):
    help = "Play one case from signal to dispatched decision, and explain it. Nothing is left behind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=["sv", "en"], default=output.terminal_language())

    def handle(self, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("demo_data", "--no-cases", verbosity=0)
        with translation.override(options["language"]), transaction.atomic():
            _Tour(self, stories.read(settings.BEREDD_BPMN_DIR / "etv"), timezone.now()).run()
            transaction.set_rollback(True)


class _Tour:
    def __init__(self, command: Command, story: stories.Story, at: datetime) -> None:
        self._command = command
        self._story = story
        self._at = at
        self._key = uuid.uuid4()
        self._told = 0

    def run(self) -> None:
        scenario = self._story.scenario
        opener = organisation.person_by_login(scenario.opened_by)
        self._case = opening.open_case(
            case_type=scenario.case_type,
            title=_("A care home"),
            fields=scenario.start,
            by=opener.pk,
            key=f"{self._key}:open",
            at=self._at,
        )
        self._title(0, scenario.opened_by, opener.display_name, _("Register the signal"))
        self._say(str(self._story.opening))
        self._ledger()
        for number, (step, said) in enumerate(zip(scenario.steps, self._story.said, strict=True), start=1):
            self._at += TICK
            self._do(number, step, str(said))
        self._verify()

    def _do(self, number: int, step: Step, said: str) -> None:
        person = organisation.person_by_login(step.person)
        item = next(item for item in cases.open_items(self._case) if f"/{item.node}".endswith(f"/{step.element}"))
        self._title(number, step.person, person.display_name, item.name)
        self._say(said)
        key = f"{self._key}:{number}"
        declared = f"{key}:claim"
        try:
            if item.claimed_by_id != person.pk:
                work.claim(item=item.pk, by=person.pk, key=declared, at=self._at, declares_no_circumstance=True)
            verdict = cases.item_page(item.pk, person.pk, self._at).verdict
            work.complete(item=item.pk, by=person.pk, fields=step.fields, key=key, at=self._at)
        except NotAuthorised as refusal:
            if not step.refuse:
                raise CommandError(f"step {number} was refused: {refusal}") from refusal
            self._verdict(explanation.explain(refusal.verdict, act=Act(item.act)))
        else:
            self._verdict(explanation.explain(verdict, act=Act(item.act)))
        self._ledger()

    def _title(self, number: int, login: str, name: str, what: str) -> None:
        self._write(f"\n{number:2}. {what}", style=self._command.style.MIGRATE_HEADING)
        self._write(f"    {login} ({name})")

    def _say(self, text: str) -> None:
        self._write(f"    {text}")

    def _verdict(self, answer: explanation.Explanation) -> None:
        style = self._command.style.SUCCESS if answer.allowed else self._command.style.ERROR
        self._write(f"      {answer.headline}", style=style)
        for reason in answer.reasons:
            self._write(f"        {reason.rule_id:5} {reason.text}")
        if answer.lowest_level and not answer.allowed:
            self._write(f"              {answer.lowest_level}")

    def _ledger(self) -> None:
        """Show what the case's ledger has got since the last time."""
        for event in ledger.of_stream(str(self._case.pk))[self._told :]:
            shown = (f"{key}={_short(value)}" for key, value in event.data.items() if value)
            # Outside the f-string, where the extraction of sentences finds it.
            word = _("Ledger")
            self._write(f"      {word} {event.seq:2} {event.hash[:12]}… {event.kind} {' '.join(shown)}")
            self._told += 1

    def _verify(self) -> None:
        self._write("")
        self._say(
            _(
                "The ledger has %(number)d lines. Each hash covers its line and the hash before it: change one letter, "
                "and `manage.py verify_ledger` says where."
            )
            % {"number": self._told}
        )
        self._say(_("Nothing of this case is left behind. In the browser: make demo"))

    def _write(self, text: str, style: Any = None) -> None:
        self._command.stdout.write(style(text) if style else text)


def _short(value: Any) -> str:
    """Return a value of a ledger line, cut where only its beginning tells something."""
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{text[:8]}…" if len(text) in {36, 64} else text
