"""What a command costs: claim, complete and decide, on SQLite and PostgreSQL, with 1, 2 and 8 clients.

``python -m benchmarks.commands [--quick] [--format json]``

Each client is a process of its own. The same is measured on cases that were returned fifty times, and beside it, in
the same run, the same case driven by SpiffWorkflow with its JSON serializer (``benchmarks.spiff``). PostgreSQL is a
private server that reaches the disk at every commit, as SQLite does here.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import measuring
from tests.postgresql import ServerMissing, private_server

PHASES = ("claim", "decide", "complete")
#: Cases per client, by number of clients.
FULL = {1: 60, 2: 40, 8: 15}
FULL_RETURNED = {1: 30, 2: 10, 8: 2}
QUICK = {1: 6, 2: 4, 8: 2}
QUICK_RETURNED = {1: 2}
RETURNS = 50
#: Decisions in a row before SpiffWorkflow's turn.
BLOCK = 10


class Client:
    """A client process: a program that answers lines of JSON."""

    def __init__(self, program: str = "benchmarks.clients") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def tell(self, message: object) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a client ended before it answered; its complaint stands above")
        return json.loads(line)

    def end(self) -> None:
        self.process.communicate(timeout=30)


def with_clients(number: int, cases: list[list[str]]) -> dict[str, Any]:
    """Run every phase on the clients' cases at the same time, and return the figures of each phase."""
    clients = [Client() for _ in range(number)]
    try:
        for client in clients:
            assert client.hear() == "ready"
        figures = {}
        for phase in PHASES:
            for client, own in zip(clients, cases, strict=True):
                client.tell({"phase": phase, "cases": own})
            for client in clients:
                assert client.hear() == "prepared"
            begun = time.perf_counter()
            for client in clients:
                client.tell("go")
            answers = [client.hear() for client in clients]
            wall = time.perf_counter() - begun
            seconds = [second for answer in answers for second in answer["seconds"]]
            figures[phase] = measuring.plain(measuring.timing(seconds)) | {
                "commands_per_second": round(len(seconds) / wall, 1)
            }
        return figures
    finally:
        for client in clients:
            client.end()


def statements(story: Any, case: Any) -> dict[str, int]:
    """Count the SQL statements of each command, beginning and commit apart."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = {}
    for phase in PHASES:
        step = story.dissent if phase == "complete" else story.decide
        item = story.item(case, step)
        if phase == "complete":
            story.claim(item, step)
        with CaptureQueriesContext(connection) as captured:
            (story.claim if phase == "claim" else story.complete)(item, step)
        counts[phase] = sum(not _frames(query["sql"]) for query in captured.captured_queries)
    return counts


def _frames(sql: str) -> bool:
    return sql.split(" ", 1)[0].rstrip(";") in {"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"}


def measure(*, quick: bool) -> dict[str, Any]:
    """Measure the database that the environment names."""
    import django

    django.setup()
    from benchmarks import cases

    cases.make_authority()
    story = cases.Story()
    story_cases = (QUICK, QUICK_RETURNED) if quick else (FULL, FULL_RETURNED)
    figures: dict[str, Any] = {}
    for returns, plan in zip((0, RETURNS), story_cases, strict=True):
        name = f"after_{returns}_returns"
        figures[name] = {"statements": statements(story, story.prepare(returns=returns)), "clients": {}}
        for number, each in plan.items():
            prepared = [[str(story.prepare(returns=returns).pk) for _ in range(each)] for _ in range(number)]
            know_the_tables()
            figures[name]["clients"][number] = with_clients(number, prepared)

    for returns, runs in ((0, 5 if quick else 40), (RETURNS, 2 if quick else 20)):
        figures[f"after_{returns}_returns"]["beside_spiffworkflow"] = beside(story, returns=returns, runs=runs)
    return figures


def know_the_tables() -> None:
    """Let the database count what was just written, as it does by itself within a minute in service.

    Clients connect afterwards, so that their statements are planned for the tables as they are.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def beside(story: Any, *, returns: int, runs: int) -> dict[str, Any]:
    """Decide by turns with SpiffWorkflow, each in a process of its own with the garbage collector as in service.

    By turns, so that whatever else the machine does, it does to both.
    """
    prepared = []
    for _ in range(runs):
        case = story.prepare(returns=returns)
        story.claim(story.item(case, story.decide), story.decide)
        prepared.append(str(case.pk))
    know_the_tables()
    beredd, spiffworkflow = Client(), Client("benchmarks.spiff")
    try:
        assert beredd.hear() == "ready"
        spiffworkflow.tell({"returns": returns, "cases": runs})
        size = spiffworkflow.hear()["bytes"]
        ours, theirs = [], []
        for begin in range(0, runs, BLOCK):
            beredd.tell({"phase": "decide", "cases": prepared[begin : begin + BLOCK]})
            assert beredd.hear() == "prepared"
            beredd.tell("go")
            ours += beredd.hear()["seconds"]
            spiffworkflow.tell({"decide": list(range(begin, min(begin + BLOCK, runs)))})
            theirs += spiffworkflow.hear()["seconds"]
    finally:
        beredd.end()
        spiffworkflow.end()
    our, their = measuring.timing(ours), measuring.timing(theirs)
    return {
        "beredd": measuring.plain(our),
        "spiffworkflow": measuring.plain(their) | {"bytes": size},
        "times_slower": round(their.median_us / our.median_us, 1),
    }


def in_a_process(url: str, *, quick: bool) -> dict[str, Any]:
    """Measure one database in a process of its own, since Django's settings are read once."""
    environment = os.environ | {
        "BEREDD_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "workflow_app.config.settings.test",
    }
    command = [sys.executable, "-m", "benchmarks.commands", "--measure", *(["--quick"] if quick else [])]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few cases: shows that it works, not what it costs")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(quick=options.quick)))
        return

    figures: dict[str, Any] = {"cores": os.cpu_count(), "quick": options.quick}
    if options.only != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            figures["sqlite"] = in_a_process(f"sqlite:///{Path(folder) / 'benchmark.sqlite3'}", quick=options.quick)
    if options.only != "sqlite":
        try:
            with private_server(durable=True) as url:
                figures["postgresql"] = in_a_process(url, quick=options.quick)
        except ServerMissing as error:
            sys.exit(str(error))
    if options.format == "json":
        print(json.dumps(figures, indent=2))
    else:
        show(figures)


def show(figures: dict[str, Any]) -> None:
    for database in ("sqlite", "postgresql"):
        for name, figure in figures.get(database, {}).items():
            print(f"\n{database}, {name.replace('_', ' ')}")
            print(f"    SQL statements a command: {figure['statements']}")
            for number, phases in figure["clients"].items():
                for phase, timed in phases.items():
                    print(
                        f"    {number} clients  {phase:9} median {timed['median_us'] / 1000:7.2f} ms"
                        f"  p95 {timed['p95_us'] / 1000:7.2f} ms  {timed['commands_per_second']:7.1f}/s"
                    )
            both = figure["beside_spiffworkflow"]
            beredd, other = both["beredd"], both["spiffworkflow"]
            print(
                f"    by turns: decide {beredd['median_us'] / 1000:.2f} ms,"
                f" {beredd['per_second']:.0f}/s;"
                f" SpiffWorkflow {other['median_us'] / 1000:.2f} ms, {other['bytes']} bytes stored,"
                f" {both['times_slower']} times slower"
            )


if __name__ == "__main__":
    main()
