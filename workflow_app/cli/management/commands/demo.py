"""``manage.py demo``: Beredd with a demo authority, on this machine, in one process."""

from __future__ import annotations

import contextlib
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
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

#: Who registers, who prepares and reviews, who advises and who decides, by case type (domain 8.5).
CASE_TYPES = {
    "UPPL": ("uppl_03", "insp_uppl_01, insp_uppl_02", "aj_uppl_01", "ecn_uppl_01, acn_lma"),
    "ETV": ("uppl_03", "insp_017, insp_018, insp_019", "aj_09", "ecn_etv_01, acn_etv"),
    "NTS": ("aca", "pl_nts_01, tled_nts_01, insp_nts_01, insp_nts_02", "aj_nts_01", "ecn_nts_01, acn_nts"),
    "FTB": ("aca", "insp_ftb_01, insp_ftb_02, insp_ftb_03", "aj_ftb_01", "ecn_ftb_01, acn_ftb"),
    "TIL": ("reg_05", "hl_til_11, hl_til_12, hl_til_13", "aj_til_01", "ect_01, act"),
    "EVB": ("reg_05", "hl_evb_01, hl_evb_02", "aj_evb_01", "ecn_evb_01, acn_etv"),
    "EKP": ("reg_05", "hl_ekp_01, hl_ekp_02", "aj_ekp_01, tl_04", "ecn_ekp_01, acn_ekp"),
    "TLP": ("reg_05", "insp_tlp_01, insp_tlp_02", "aj_tlp_01, tl_04", "ecn_tlp_01, acn_tlp"),
    "LMA": ("reg_05", "insp_lma_01, insp_lma_02", "aj_lma_01, tl_04", "ecn_lma_01, acn_lma"),
    "LSA": ("reg_05", "insp_lsa_01, insp_lsa_02", "aj_lsa_01", "ecn_lsa_01, acn_tlp"),
    "UTL": ("reg_05", "hl_utl_01, hl_utl_02", "aj_utl_01, aj_utl_02", "aj_utl_01, bcj_02"),
}
#: Who takes part in cases of every type, and what to try.
ANY_CASE_TYPE = (
    ("bcj_02", _("deputy chief jurist"), _("give an opinion where the order asks for that level")),
    ("cj", _("chief jurist"), _("give an opinion on a new legal question")),
    ("tl_04", _("supervision physician"), _("give a medical opinion when a case asks for one")),
    ("tcl", _("chief supervision physician"), _("give a medical opinion that is disputed")),
    ("gd", _("director-general"), _("decide matters of principle")),
    ("reg_05", _("registrar"), _("dispatch a decision")),
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
    _("Choose Try this in the menu: cases that each show one rule, and whom to log in as."),
)


class Command(BaseCommand):
    help = "Prepare the demo when needed, and serve it with its background work until Ctrl+C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=["sv", "en"], default=output.terminal_language())
        parser.add_argument("--port", type=int, help=f"default: the first free port from {PORTS.start}")

        parser.add_argument("--no-stories", action="store_true", help="only what has just arrived")

    def handle(self, **options: Any) -> None:
        with translation.override(options["language"]):
            self._say(_("Preparing the database ..."))
            call_command("migrate", interactive=False, verbosity=0)
            self._say(_("Preparing the demo authority ..."))
            call_command("demo_data", verbosity=0, no_stories=options["no_stories"])
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
            *_table(),
            "",
            *(f"    {login:10}  {who}: {what}" for login, who, what in ANY_CASE_TYPE),
            "",
            "  " + gettext("To try first:"),
            *(f"    {number}. {text}" for number, text in enumerate(FIRST, start=1)),
            "",
            "  " + gettext("Ctrl+C ends it. Everything is kept in var/ until the next time; rm -r var starts over."),
            "",
        ]
        self._say("\n".join(lines))


def _table() -> Iterator[str]:
    """Yield who does what in each case type, in columns."""
    rows = [("", gettext("registers"), gettext("prepare and review"), gettext("advises"), gettext("decide"))]
    rows += [(code, *people) for code, people in CASE_TYPES.items()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "    " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


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
