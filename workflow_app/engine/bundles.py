"""Read the folders under ``bpmn/`` into bundles: the one place of the engine that reads files of models.

A bundle is what one case type needs: its own folder, and of ``shared/`` the processes it calls, directly or not, with
every shared form. Its identity is the SHA-256 of its files.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from workflow_app.engine.checking import MAIN, SHARED

MAX_FILE_BYTES = 12 * 1024 * 1024
_KEPT = (".bpmn", ".json", ".toml", ".dmn", ".typ")
#: Good enough to find files; what is called is checked on the parsed document.
_CALLED = re.compile(rb"""calledElement\s*=\s*["']([A-Za-z_][\w.\-]*)["']""")


def read_bundle(folder: Path) -> dict[str, bytes]:
    """Read a case type's folder, with what it calls from ``shared/`` beside it; its own forms and letters go first."""
    files = _read_tree(folder)
    found = _shared(folder.parent / "shared", [data for name, data in files.items() if name.endswith(".bpmn")])
    return files | _without_own(found, files)


def read_single(path: Path) -> tuple[dict[str, bytes], str]:
    """Read one BPMN file as a bundle, with what it calls beside it or in a neighbouring ``shared/``.

    Gives the files and the name of the main one.
    """
    main = path.name
    files = {main: _read(path)}
    folder = path.resolve().parent
    forms = folder / "forms"
    files |= {f"forms/{p.name}": _read(p) for p in sorted(forms.glob("*.json")) if p.is_file()}
    files |= {p.name: _read(p) for p in sorted(folder.glob("*.dmn")) if p.is_file()}
    files |= {f"letters/{p.name}": _read(p) for p in sorted((folder / "letters").glob("*.typ")) if p.is_file()}
    shared = folder if folder.name == "shared" else folder.parent / "shared"
    if shared != folder:
        files |= _pages(folder, files[main])
    found = _shared(shared, [data for name, data in files.items() if name.endswith(".bpmn")])
    if shared == folder:
        # The file is itself a shared one: its forms and neighbours must not appear twice.
        found = {name: data for name, data in found.items() if name.endswith(".bpmn") and name != f"{SHARED}{main}"}
    return files | _without_own(found, files), main


def folders(root: Path) -> tuple[Path, ...]:
    """List the case types' folders: those with a ``process.bpmn``."""
    return tuple(sorted(p for p in root.iterdir() if (p / MAIN).is_file())) if root.is_dir() else ()


def sha256(files: Mapping[str, bytes]) -> str:
    """Give the identity of a bundle: the hash of its names and contents in order of name."""
    digest = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def pack(files: Mapping[str, bytes]) -> str:
    """Write a bundle's files as JSON text. Raises ``UnicodeDecodeError`` for a file that is not UTF-8."""
    return json.dumps({name: files[name].decode("utf-8") for name in sorted(files)}, ensure_ascii=False)


def unpack(text: str) -> dict[str, bytes]:
    """Read what ``pack`` wrote."""
    return {name: content.encode("utf-8") for name, content in json.loads(text).items()}


def _pages(folder: Path, source: bytes) -> dict[str, bytes]:
    """Read the pages of a case type's own folder that a process calls, directly or not; their names are their ids."""
    found: dict[str, bytes] = {}
    waiting = [source]
    while waiting:
        for called in _CALLED.findall(waiting.pop()):
            path = folder / f"{called.decode()}.bpmn"
            if path.name not in found and path.is_file():
                found[path.name] = _read(path)
                waiting.append(found[path.name])
    return found


def _shared(shared: Path, sources: list[bytes]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    waiting = list(sources)
    while waiting:
        for called in _CALLED.findall(waiting.pop()):
            path = shared / f"{called.decode()}.bpmn"
            name = f"{SHARED}{path.name}"
            if name not in found and path.is_file():
                found[name] = _read(path)
                waiting.append(found[name])
    if found:
        forms = sorted((shared / "forms").glob("*.json"))
        found |= {f"{SHARED}forms/{p.name}": _read(p) for p in forms if p.is_file()}
        found |= {f"{SHARED}{p.name}": _read(p) for p in sorted(shared.glob("*.dmn")) if p.is_file()}
    letters = sorted((shared / "letters").glob("*.typ"))
    return found | {f"{SHARED}letters/{p.name}": _read(p) for p in letters if p.is_file()}


def _without_own(found: Mapping[str, bytes], own: Mapping[str, bytes]) -> dict[str, bytes]:
    """Leave out the shared forms and letters that the case type has its own of, under the same name."""
    replaceable = (f"{SHARED}forms/", f"{SHARED}letters/")
    return {n: data for n, data in found.items() if not (n.startswith(replaceable) and n.removeprefix(SHARED) in own)}


def _read_tree(folder: Path) -> dict[str, bytes]:
    kept = (p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix in _KEPT and not p.is_symlink())
    return {p.relative_to(folder).as_posix(): _read(p) for p in kept}


def _read(path: Path) -> bytes:
    """Read a file, and no more of it than shows that it is too large."""
    with path.open("rb") as file:
        return file.read(MAX_FILE_BYTES)
