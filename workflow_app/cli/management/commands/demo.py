"""``manage.py demo``: Beredd with a demo authority, on this machine, in one process."""

from __future__ import annotations

import socket
import sys
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from workflow_app.organisation.demo import PASSWORD

HOST = "127.0.0.1"
#: The first port that is free is used.
PORTS = range(8000, 8020)

#: Log-in, who it is, and what to look at first (domain 8.5).
ACCOUNTS = (
    ("uppl_03", "informationsmottagare", "registrera en signal: Nytt ärende"),
    ("insp_017", "inspektör", "ta ett ärende ur poolen, bedöm risken, skriv ett förslag"),
    ("insp_018", "inspektör, granskar (fyra ögon)", "granska förslaget; återlämna det med en orsak"),
    ("aj_09", "avdelningsjurist", "lämna ett yttrande"),
    ("bcj_02", "biträdande chefsjurist", "lös en oenighet"),
    ("cj", "chefsjurist", "delta där delegationsordningen kräver det"),
    ("ecn_etv_01", "enhetschef", "läs varför du får eller inte får besluta, och skriv under"),
    ("acn_etv", "avdelningschef", "besluta om föreläggande vid vite"),
    ("gd", "generaldirektör", "läs delegationsordningen"),
    ("po_01", "processägare", "se modellerna och kontrollen av dem"),
    ("ir_01", "internrevisor", "läs liggaren"),
    ("reg_05", "registrator", "expediera ett beslut"),
)
FIRST = (
    "1. Logga in som insp_017 och öppna ett ärende i arbetslistan.",
    "2. Gör steget överst; skicka förslaget till granskning.",
    "3. Logga in som insp_018 i ett privat fönster och återlämna det med en orsak.",
    "4. Försök besluta som ecn_etv_01: sidan säger vilken rad som gäller, eller vem som får i stället.",
    "5. Se mätningarna av återlämnanden under Mätning.",
)


class Command(BaseCommand):
    help = "Prepare the demo when needed, and serve it with its background work until Ctrl+C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help=f"default: the first free port from {PORTS.start}")

    def handle(self, **options: Any) -> None:
        self._say("Database ...")
        call_command("migrate", interactive=False, verbosity=0)
        self._say("Demo authority ...")
        call_command("demo_data", verbosity=0)
        self._say("Pages ...")
        call_command("collectstatic", interactive=False, verbosity=0)
        listener = _listen([options["port"]] if options["port"] else list(PORTS))
        server = uvicorn.Server(
            uvicorn.Config("workflow_app.config.asgi:application", log_level="warning", lifespan="on")
        )
        self._welcome(listener.getsockname()[1])
        server.run(sockets=[listener])

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _welcome(self, port: int) -> None:
        width = max(len(login) for login, _, _ in ACCOUNTS)
        lines = [
            "",
            f"  Beredd: http://{HOST}:{port}/",
            "",
            f"  Logga in som någon av dessa; lösenordet är alltid {PASSWORD}",
            *(f"    {login:{width}}  {who}: {what}" for login, who, what in ACCOUNTS),
            "",
            "  Att prova först:",
            *(f"    {line}" for line in FIRST),
            "",
            "  Ctrl+C avslutar. Allt ligger kvar i var/ till nästa gång; rm -r var börjar om.",
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
