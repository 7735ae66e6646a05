"""The interface is whole in Swedish: every sentence is translated, and what is compiled is what is written."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from django.utils import translation

from workflow_app.cases.errors import FormRefused, Problem
from workflow_app.web import refusals

APP = Path(__file__).resolve().parents[3] / "workflow_app"
CATALOGUE = APP / "locale" / "sv" / "LC_MESSAGES"
NAMES = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext_lazy"}
_TAG = re.compile(r"""{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
_BLOCK = re.compile(r"{%\s*blocktranslate(.*?)%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)


def read_catalogue() -> dict[str, list[str]]:
    """Return the translations of the source catalogue by English sentence."""
    found: dict[str, list[str]] = {}
    for entry in (CATALOGUE / "django.po").read_text(encoding="utf-8").split("\n\n"):
        parts = re.findall(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:"(?:[^"\\]|\\.)*"\n?)+)', entry, re.MULTILINE)
        texts = [(name, "".join(ast.literal_eval(line) for line in text.strip().split("\n"))) for name, text in parts]
        original = next((text for name, text in texts if name == "msgid"), "")
        if original:
            found.setdefault(original, []).extend(text for name, text in texts if name.startswith("msgstr"))
    return found


def sentences_of_code() -> Iterator[str]:
    """Yield every literal sentence that Python code hands to gettext."""
    for path in APP.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in NAMES:
                place = 1 if call.func.id == "pgettext_lazy" else 0
                argument = call.args[place] if len(call.args) > place else None
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def sentences_of_templates() -> Iterator[str]:
    """Yield every sentence that templates mark for translation."""
    for path in APP.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        yield from (double or single for double, single in _TAG.findall(text))
        for options, body in _BLOCK.findall(text):
            assert "trimmed" in options, f"{path.name}: a blocktranslate must be trimmed"
            singular = re.split(r"{%\s*plural\s*%}", body)[0]
            lines = " ".join(line.strip() for line in singular.strip().split("\n"))
            yield re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", lines)


def test_every_sentence_has_a_swedish_translation() -> None:
    translated = {english for english, swedish in read_catalogue().items() if all(swedish)}

    missing = {*sentences_of_code(), *sentences_of_templates()} - translated

    assert not missing


def test_the_compiled_catalogue_says_what_the_source_says() -> None:
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    differs = {
        english
        for english, swedish in read_catalogue().items()
        if len(swedish) == 1 and compiled.gettext(english) != swedish[0]
    }

    assert not differs


def test_a_translation_keeps_the_places_that_values_are_put_in() -> None:
    places = re.compile(r"%\(\w+\)[sd]")

    differs = [
        english
        for english, translations in read_catalogue().items()
        for swedish in translations
        if set(places.findall(english)) != set(places.findall(swedish))
    ]

    assert not differs


def sentences_of_problems() -> Iterator[str]:
    """Yield everything that the check of filled-in values can say about a field."""
    tree = ast.parse((APP / "cases" / "forms.py").read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        said = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
        if said and " " in node.value and not node.value.startswith("{"):
            yield node.value


def test_what_is_wrong_with_a_field_is_said_in_swedish() -> None:
    said = set(sentences_of_problems())

    assert len(said) > 10
    assert said <= {english for english, swedish in read_catalogue().items() if all(swedish)}


def test_the_figures_of_a_problem_are_written_in_swedish() -> None:
    problems = {"a": Problem("must be at most %(most)s", most=Decimal("1000.5")), "b": "must be filled in"}

    with translation.override("sv"):
        assert refusals.field_problems(FormRefused(problems)) == {
            "a": "får vara högst 1\u00a0000,5",
            "b": "måste fyllas i",
        }
    assert str(problems["a"]) == "must be at most 1000.5"
