"""``manage.py demo``: Beredd with a demo authority, on this machine, in one process."""

from __future__ import annotations

import contextlib
import socket
import sys
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflow_app.cli import output
from workflow_app.organisation.demo import PASSWORD

HOST = "127.0.0.1"
#: The first port that is free is used.
PORTS = range(8000, 8020)

#: Log-in, who it is, and what to try (domain 8.5).
ACCOUNTS = (
    ("uppl_03", _("information officer"), _("register a signal: New case")),
    ("insp_017", _("inspector"), _("take a case from the pool, assess the risk, write a proposal")),
    ("insp_018", _("inspector, second pair of eyes"), _("review the proposal; return it with a reason")),
    ("insp_019", _("inspector"), _("inspect with insp_017, then try to review: refused")),
    ("aj_09", _("department jurist"), _("give an opinion")),
    ("bcj_02", _("deputy chief jurist"), _("give an opinion where the order asks for that level")),
    ("cj", _("chief jurist"), _("give an opinion on a new legal question")),
    ("tl_04", _("supervision physician"), _("give a medical opinion when a case asks for one")),
    ("tcl", _("chief supervision physician"), _("give a medical opinion that is disputed")),
    ("ecn_etv_01", _("head of unit"), _("read why you may or may not decide, and sign")),
    ("acn_etv", _("head of department"), _("decide an injunction with fine")),
    ("gd", _("director-general"), _("read the delegation order")),
    ("reg_05", _("registrar"), _("dispatch a decision")),
    ("hl_til_11", _("permit officer"), _("see that cases of other types are closed to you")),
    ("po_01", _("process owner"), _("read who holds what; case content is closed to you")),
    ("doadm_01", _("delegation order editor"), _("read the delegation order")),
    ("ir_01", _("internal auditor"), _("read who holds what, and the measures")),
)
FIRST = (
    _("Log in as insp_017 and open a case in the worklist."),
    _("Do the step at its top; write a proposal."),
    _("Log in as insp_018 in a private window, and return the proposal with a reason."),
    _("Try to decide as ecn_etv_01: the page names the row of the order, or who may instead."),
    _("See the return in the measures."),
)


class Command(BaseCommand):
    help = "Prepare the demo when needed, and serve it with its background work until Ctrl+C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=["sv", "en"], default=output.terminal_language())
        parser.add_argument("--port", type=int, help=f"default: the first free port from {PORTS.start}")

    def handle(self, **options: Any) -> None:
        with translation.override(options["language"]):
            self._say(_("Preparing the database ..."))
            call_command("migrate", interactive=False, verbosity=0)
            self._say(_("Preparing the demo authority ..."))
            call_command("demo_data", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            listener = _listen([options["port"]] if options["port"] else list(PORTS))
            self._welcome(listener.getsockname()[1])
        config = uvicorn.Config("workflow_app.config.asgi:application", log_level="warning", lifespan="on")
        # Ctrl+C is how it is meant to end; by then the server has stopped and the job in hand is done.
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])

    def _say(self, text: object) -> None:
        self.stdout.write(str(text))
        self.stdout.flush()

    def _welcome(self, port: int) -> None:
        lines = [
            "",
            f"  Beredd: http://{HOST}:{port}/",
            "",
            "  " + gettext("Log in as one of these; the password is always %(password)s") % {"password": PASSWORD},
            *(f"    {login:10}  {who}: {what}" for login, who, what in ACCOUNTS),
            "",
            "  " + gettext("To try first:"),
            *(f"    {number}. {text}" for number, text in enumerate(FIRST, start=1)),
            "",
            "  " + gettext("Ctrl+C ends it. Everything is kept in var/ until the next time; rm -r var starts over."),
            "",
        ]
        self._say("\n".join(lines))


def _listen(ports: list[int]) -> socket.socket:
    """Return a socket that listens on the first free port. Raises ``CommandError``."""
    for port in ports:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            listener.close()
            continue
        listener.listen(128)
        return listener
    raise CommandError(f"no free port among {ports[0]}–{ports[-1]}: stop another server, or choose one with --port")
