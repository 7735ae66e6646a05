"""Ask veraPDF whether every letter is PDF/A-3a and PDF/UA-1. ``make check-letters``; needs Java and Maven."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import django

HERE = Path(__file__).parent
FLAVOURS = {"3a": "PDF/A-3a", "ua1": "PDF/UA-1"}


def main() -> int:
    """Set one of each letter, validate it as both, and tell how it went."""
    missing = [program for program in ("java", "mvn") if shutil.which(program) is None]
    if missing:
        sys.stdout.write(
            f"veraPDF needs {' and '.join(missing)}; on Debian: apt-get install default-jre-headless maven" + "\n"
        )
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workflow_app.config.settings.test")
    django.setup()
    jars = _jars()
    with TemporaryDirectory() as folder:
        files = _letters(Path(folder))
        failed = [
            line for flavour in FLAVOURS for line in _validate(jars, flavour, files) if not line.startswith("PASS")
        ]
    sys.stdout.write(("\n".join(failed) or f"{len(files)} letters are {' and '.join(FLAVOURS.values())}") + "\n")
    return 1 if failed else 0


def _jars() -> Path:
    """Fetch veraPDF once."""
    from django.conf import settings

    jars = Path(settings.VAR_DIR) / "verapdf"
    if not jars.is_dir():
        sys.stdout.write("Fetching veraPDF from Maven Central\n")
        command = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
        subprocess.run([*command, f"-DoutputDirectory={jars}"], check=True)
    return jars


def _letters(folder: Path) -> list[Path]:
    from tests.workflow_app.letters import sample
    from workflow_app.letters import rendering

    files = []
    for of, name in sample.templates():
        given = sample.data(sample.everything())
        at = datetime(2026, 11, 23, 9, tzinfo=UTC)
        files.append(folder / f"{of}-{name}.pdf")
        files[-1].write_bytes(rendering.render(sample.template(of, name), f"{name}.typ", given, at=at).pdf)
    return files


def _validate(jars: Path, flavour: str, files: list[Path]) -> list[str]:
    command = ["java", "-cp", f"{jars}/*", "org.verapdf.apps.GreenfieldCliWrapper", "--flavour", flavour]
    answer = subprocess.run(
        [*command, "--format", "text", "-v", *map(str, files)], capture_output=True, text=True, check=False
    )
    lines = answer.stdout.splitlines()
    if not lines:
        return [f"veraPDF said nothing: {answer.stderr[-500:]}"]
    return lines


if __name__ == "__main__":
    sys.exit(main())
