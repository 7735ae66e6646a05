"""``manage.py check_models``: are the process models inside the profile, and sound?"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from workflow_app.cases import operations
from workflow_app.cli import output
from workflow_app.engine import bundles, checking
from workflow_app.engine.checking import Checked
from workflow_app.engine.findings import Finding
from workflow_app.engine.vocabulary import Vocabulary
from workflow_app.letters import checking as letters


class Command(BaseCommand):
    #: It reads files and nothing else.
    requires_system_checks: tuple[str, ...] = ()
    help = "Check process models: folders like bpmn/etv, or single .bpmn files. Ends with 1 when one has an error."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="default: every folder of bpmn/")
        output.add_format(parser)

    def handle(self, **options: Any) -> None:
        paths = options["paths"] or bundles.folders(Path(settings.BASE_DIR) / "bpmn")
        checked = [_check(path) for path in paths]
        if options["format"] == "json":
            self.stdout.write(output.as_json([_plain(each) for each in checked]))
        else:
            for each in checked:
                self._say(each)
        if any(each.errors for each in checked):
            sys.exit(1)

    def _say(self, checked: Checked) -> None:
        accepted = "accepted" if checked.accepted else "refused"
        sound = (
            f"sound, {checked.states} states" if checked.sound else "not sound" if checked.accepted else "not searched"
        )
        self.stdout.write(f"{checked.id}: {accepted}, {sound}")
        for finding in checked.findings:
            where = ":".join(filter(None, (finding.file, str(finding.line or ""), finding.element)))
            self.stdout.write(f"  {where} {finding.code}: {finding.text}")


def _check(path: Path) -> Checked:
    known = Vocabulary(operations=frozenset(operations.REGISTRY))
    try:
        if path.is_dir():
            bundle = bundles.read_bundle(path)
            checked = checking.check(bundle, vocabulary=known)
            # What the engine has refused in a template is not set at all.
            broken = () if checked.errors else tuple(letters.check(bundle))
            return replace(checked, findings=checked.findings + broken)
        files, main = bundles.read_single(path)
    except OSError as error:
        finding = Finding(code="UNREADABLE", text=f"Filen går inte att läsa: {error.strerror}.", file=path.name)
        return Checked(id=path.name, findings=(finding,), accepted=False, sound=False)
    return checking.check(files, main=main, vocabulary=known, standalone=True)


def _plain(checked: Checked) -> dict[str, Any]:
    return {
        "id": checked.id,
        "accepted": checked.accepted,
        "sound": checked.sound,
        "states": checked.states,
        "findings": [
            {
                "code": finding.code,
                "element": finding.element,
                "line": finding.line,
                "text": finding.text,
                "file": finding.file,
                "severity": finding.severity.value,
                "trace": list(finding.trace),
            }
            for finding in checked.findings
        ],
    }
