"""Import a file into a register, or only say what it would change."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow_app.cli import output
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation.errors import UnknownPerson
from workflow_app.registry import selectors, services
from workflow_app.registry.errors import FileRefused, RegistryError
from workflow_app.registry.services import Plan


class Command(BaseCommand):
    help = (
        "Import a CSV file into a register: all of it or, when anything in it is wrong, nothing (and exits with 1). "
        "Entries that the file does not name stay as they are; the same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", help="SUPERVISED_UNIT, PROVIDER, PRINCIPAL or LICENSED_PERSON")
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--as", dest="login", required=True, help="log-in of the registrar who imports")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--at", help="moment (ISO 8601 with offset); default now")
        output.add_format(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        at = output.moment(options["at"])
        dry = bool(options["dry_run"])
        try:
            register = selectors.register_named(options["kind"])
            by = organisation.person_by_login(options["login"]).pk
            plan = services.check(register=register, data=options["file"].read_bytes(), by=by, at=at, keep=not dry)
            if plan.file is not None:
                plan = services.import_checked(file=plan.file, by=by, at=at)
        except FileRefused as refusal:
            self._refuse(refusal, options["format"])
        except (RegistryError, UnknownPerson) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        else:
            self._tell(plan, options["format"], imported=not dry)

    def _tell(self, plan: Plan, form: str, *, imported: bool) -> None:
        found = {
            "register": plan.register.value,
            "sha256": plan.sha256,
            "imported": imported,
            "added": [code for code, _line in plan.added],
            "changed": [
                {
                    "code": row.code,
                    "line": row.line,
                    "columns": {name: _plain(pair) for name, pair in row.columns.items()},
                }
                for row in plan.changed
            ],
            "unchanged": plan.unchanged,
        }
        if form == "json":
            self.stdout.write(output.as_json(found))
            return
        for code, line in plan.added:
            self.stdout.write(f"  {line:6} {code}  new")
        for row in plan.changed:
            told = ", ".join(f"{name}: {old} -> {new}" for name, (old, new) in row.columns.items())
            self.stdout.write(f"  {row.line:6} {row.code}  {told}")
        verb = "imported" if imported else "not imported (dry run)"
        self.stdout.write(f"{len(plan.added)} new, {len(plan.changed)} changed, {plan.unchanged} unchanged: {verb}")

    def _refuse(self, refusal: FileRefused, form: str) -> None:
        problems = [{"line": each.line, "column": each.column, "text": each.text} for each in refusal.problems]
        if form == "json":
            self.stdout.write(output.as_json({"imported": False, "problems": problems}))
        else:
            for each in refusal.problems:
                self.stdout.write(f"  {each.line or '':6} {each.column}: {each.text}")
            self.stdout.write("nothing imported")
        sys.exit(1)


def _plain(pair: tuple[Any, Any]) -> list[Any]:
    return [value if isinstance(value, str | bool | None) else str(value) for value in pair]
