from __future__ import annotations

import itertools

import pytest

from tests.delegation.feel.evaluating import accepts, feel

TRUTHS = (True, False, None)
PAIRS = list(itertools.product(TRUTHS, TRUTHS))
WORDS = {True: "true", False: "false", None: "null"}


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_and_is_the_weaker_of_its_operands(left: bool | None, right: bool | None) -> None:
    expected = False if False in (left, right) else None if None in (left, right) else True

    assert feel(f"{WORDS[left]} and {WORDS[right]}") is expected


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_or_is_the_stronger_of_its_operands(left: bool | None, right: bool | None) -> None:
    expected = True if True in (left, right) else None if None in (left, right) else False

    assert feel(f"{WORDS[left]} or {WORDS[right]}") is expected


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_de_morgan_holds(left: bool | None, right: bool | None) -> None:
    one = feel("not(a and b)", a=left, b=right)
    other = feel("not(a) or not(b)", a=left, b=right)

    assert one is other


@pytest.mark.parametrize("word", ["1", '"true"', "[true, false]", "{}"])
def test_what_is_no_truth_value_is_unknown(word: str) -> None:
    assert feel(f"{word} and true") is None
    assert feel(f"{word} and false") is False
    assert feel(f"{word} or true") is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null = null", True),
        ("1 = null", False),
        ("1 != null", True),
        ('1 = "1"', None),
        ("true = 1", None),
        ("null < 1", None),
        ('"b" > "a"', True),
        ("true < false", None),
        ("[1, [2]] = [1, [2]]", True),
        ("{a: 1, b: 2} = {b: 2, a: 1}", True),
        ("[1..3] = [1..3]", True),
        ("[1..3] = (1..3]", False),
        ('@"10:00:00Z" = @"12:00:00+02:00"', True),
        ('@"10:00:00" = @"10:00:00Z"', None),
        ('@"P1Y" = @"P12M"', True),
        ('@"P1Y" = @"P365D"', None),
        ("5 between 1 and 5", True),
        ("5 between null and 4", False),
        ("5 between null and 6", None),
    ],
)
def test_comparisons(text: str, expected: bool | None) -> None:
    assert feel(text) is expected


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("-", None, True),
        ("", 5, True),
        ("5", 5, True),
        ("5", "5", None),
        ("> 5", 6, True),
        ("> 5", None, None),
        ("[1..5)", 5, False),
        ('"INSP", "HL"', "HL", True),
        ('"INSP", "HL"', "GD", False),
        ('not("INSP", "HL")', "GD", True),
        ('not("INSP")', "INSP", False),
        ("not(null)", None, False),
        ("null", None, True),
        ("null", 1, False),
        ("true", True, True),
        ("true", None, False),
        ("false", None, False),
        ("? > 2 and ? < 4", 3, True),
        ("? = null", None, True),
        ("[1, 2, 3]", 2, True),
        ("< 3, > 10", 12, True),
        ("limit", 4, True),
        ("> limit", 5, True),
        ("limit + 1", 5, True),
        ("missing", None, None),
        ("1 / 0", None, None),
        ("not(? > 2) or ? = 9", 9, True),
    ],
)
def test_cells(cell: str, value: object, expected: bool | None) -> None:
    assert accepts(cell, value, limit=4) is expected


def test_a_condition_without_input_value_decides_for_any_value_but_null() -> None:
    assert accepts("count([1, 2]) > 1", "text") is True
    assert accepts("count([1, 2]) > 1", None) is False
