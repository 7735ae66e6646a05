"""The templates of letters in a bundle: ``letters/<name>.typ``.

A case type's own stands in for the shared one of the same name. A file whose name begins with ``_`` is a part that
letters import, and no letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

FOLDERS = ("letters/", "shared/letters/")
SUFFIX = ".typ"
PART = "_"
_NAME = re.compile(r"_?[a-z][a-z0-9_]*\.typ")
_IMPORT = re.compile(r'^#import "(_[a-z0-9_]+\.typ)": [a-z_, *]+$', re.MULTILINE)
#: What reaches outside the letter, or runs text as source. Words of typst; the letters are Swedish.
_REACHING = re.compile(r"\b(import|include|read|plugin|eval|std|cbor|csv|toml|xml|yaml)\b|@")


def names(files: Mapping[str, object]) -> frozenset[str]:
    """Give the names of the letters in a bundle."""
    found = {file.rpartition("/")[2].removesuffix(SUFFIX) for file in _templates(files)}
    return frozenset(name for name in found if not name.startswith(PART))


def template(files: Mapping[str, str], name: str) -> dict[str, str]:
    """Give the files that set a letter, file name -> source; empty when the bundle has no such letter."""
    found: dict[str, str] = {}
    waiting = [f"{name}{SUFFIX}"]
    while waiting:
        file = waiting.pop()
        source = next((files[folder + file] for folder in FOLDERS if folder + file in files), None)
        if source is not None and file not in found:
            found[file] = source
            waiting += _IMPORT.findall(source)
    return found


def problems(files: Mapping[str, bytes]) -> Iterator[tuple[str, int, str]]:
    """Yield file, line and a Swedish sentence for everything that a template may not do."""
    held = {file.rpartition("/")[2] for file in _templates(files)}
    for file in sorted(_templates(files)):
        if not _NAME.fullmatch(file.rpartition("/")[2]):
            yield file, 0, "Brevmallens namn ska vara små bokstäver, siffror och understreck."
        for number, line in enumerate(files[file].decode("utf-8", errors="replace").splitlines(), start=1):
            imported = _IMPORT.fullmatch(line)
            if imported and imported[1] not in held:
                yield file, number, f"Brevmallens del {imported[1]} finns inte."
            elif not imported and (reaching := _REACHING.search(line)):
                yield file, number, f"En brevmall får inte hämta något utifrån: ”{reaching[0]}”."


def _templates(files: Mapping[str, object]) -> Iterator[str]:
    return (file for file in files if file.startswith(FOLDERS) and file.endswith(SUFFIX))
