from __future__ import annotations

import unicodedata

import pytest

from delegation.feel import FeelSyntaxError, parse_expression, parse_unary_tests
from tests.delegation.feel.evaluating import feel, feel_in, written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("antal ärenden + 1", 8),
        ("antal  ärenden+1", 8),
        ("vite - belopp", 90),
        ("vite-belopp", 90),
        ("ansvarig/ersättare", 3),
        ("barnets bästa", 4),
        ("Rut's avgift * 2", 10),
        ("steg 2 av 3", 6),
        ("roller in kraft", 7),
    ],
)
def test_a_name_may_hold_spaces_operators_and_keywords(text: str, expected: int) -> None:
    scope: dict[str, object] = {
        "antal ärenden": 7,
        "vite-belopp": 90,
        "ansvarig/ersättare": 3,
        "barnets bästa": 4,
        "Rut's avgift": 5,
        "steg 2 av 3": 6,
        "roller in kraft": 7,
    }

    assert feel_in(text, scope) == expected


def test_the_longest_known_name_wins() -> None:
    assert feel_in("a - b", {"a": 5, "b": 3}) == 2
    assert feel_in("a - b", {"a": 5, "b": 3, "a - b": 100}) == 100


def test_a_letter_typed_as_two_characters_is_the_same_letter() -> None:
    decomposed = unicodedata.normalize("NFD", "antal öppna ärenden + övriga")

    assert feel_in(decomposed, {"antal öppna ärenden": 2, "övriga": 3}) == 5
    assert parse_expression(decomposed).names == {"antal öppna ärenden", "övriga"}


def test_words_in_a_row_are_one_name_even_when_it_is_not_declared() -> None:
    expression = parse_expression("antal öppna ärenden > 3")

    assert expression.names == {"antal öppna ärenden"}


@pytest.mark.parametrize(
    "text",
    [
        "for varje rad in rader return varje rad * faktor",
        "some varje rad in rader satisfies varje rad > faktor",
        "{en rad: faktor, b: en rad + rader[1]}",
        "(function(en rad: number) en rad * faktor + rader[1])(3)",
    ],
)
def test_free_names_are_those_that_the_text_does_not_bind(text: str) -> None:
    assert parse_expression(text).names == {"rader", "faktor"}


def test_an_undeclared_name_in_a_filter_is_an_entry_of_the_items() -> None:
    expression = parse_expression('persons[role = "AJ" and level > floor level]', names=["persons", "floor level"])

    assert expression.names == {"persons", "floor level"}
    assert expression.item_names == {"role", "level"}


def test_built_in_functions_are_not_free_names() -> None:
    assert parse_expression('string length(text) + count(["a"])').names == {"text"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("2 ** 3 ** 2", 64),
        ("-2 ** 2", 4),
        ("10 - 4 - 3", 3),
        ("--5", 5),
        ("1 + /* comment */ 2 // more", 3),
        ("if 1 < 2 and 2 < 3 then 1 else 0", 1),
        (".5 + 1e1", 10.5),
    ],
)
def test_operators_bind_as_the_standard_says(text: str, expected: float) -> None:
    assert float(feel(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a\\"b"', 'a"b'),
        (r'"rad\nrad"', "rad\nrad"),
        (r'"\u00e5"', "å"),
        (r'"\U01F9F0"', "🧰"),
        (r'"\uD83E\uDDF0"', "🧰"),
        (r'"\d+"', r"\d+"),
        ('"beslut, § 4"', "beslut, § 4"),
    ],
)
def test_string_escapes(text: str, expected: str) -> None:
    assert feel(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1..3]", "[1..3]"),
        ("]1..3[", "(1..3)"),
        ("(1..3]", "(1..3]"),
        ("(< 10)", "(< 10)"),
        ("(>= 10)", "(>= 10)"),
        ('["a".."c"]', '["a".."c"]'),
        ('[@"2026-01-01"..@"2026-02-01")', '[@"2026-01-01"..@"2026-02-01")'),
        ("[1..[2, 5][1]]", "[1..2]"),
        ("[3..1]", None),
        ('[1.."a"]', None),
    ],
)
def test_ranges(text: str, expected: str | None) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "(1",
        "[1, 2",
        '"open',
        "a b c (",
        "if a then b",
        "for x in y",
        "{a 1}",
        "1 2",
        "a..b",
        "f(1, b: 2)",
        "f(b: 1, b: 2)",
        "f(b: 1, 2)",
        "[1..2 3",
        "function(x, x) x",
        "x instance of okänd",
        '@"2026-02-30"',
        r'"\uD83E"',
        r'"\U110000"',
        "1e7000",
        "§ 4",
        "and",
        "a.1",
    ],
)
def test_what_is_not_feel_is_refused(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        parse_expression(text)


def test_a_syntax_error_says_where_and_what() -> None:
    with pytest.raises(FeelSyntaxError, match=r"line 2, column 7: expected a value") as caught:
        parse_expression("a +\n  b + )")

    assert caught.value.position == 10


@pytest.mark.parametrize("text", ["not(", "> ", "1,", "-1, -", "not(1) 2"])
def test_unary_tests_that_are_not_feel_are_refused(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        parse_unary_tests(text)
