from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegation.feel import Budget
from delegation.feel.pattern_reader import InvalidPatternError
from delegation.feel.regex import compile_pattern
from tests.delegation.feel.evaluating import feel

#: Patterns that mean the same to Python and to XPath.
ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "(a|b)", "(?:ab)", "(a*)", "(b+)"])
QUANTIFIERS = st.sampled_from(["", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{1,}"])
PATTERNS = st.lists(st.tuples(ATOMS, QUANTIFIERS).map("".join), min_size=1, max_size=4).map("".join)


def _has_empty_loop(pattern: str) -> bool:
    # What a group holds after a turn of its loop that consumed nothing differs between matchers.
    return "(a*)" in pattern


@settings(deadline=None)
@given(PATTERNS, st.text("abc", max_size=8))
def test_searching_finds_what_python_finds(pattern: str, text: str) -> None:
    ours = compile_pattern(pattern, "").search(text, 0, Budget())
    theirs = re.search(pattern, text)

    assert (ours is None) == (theirs is None)
    if ours is not None and theirs is not None:
        assert ours[:2] == theirs.span()
        if not _has_empty_loop(pattern):
            assert ours == tuple(end for span in theirs.regs for end in span)


@pytest.mark.parametrize(
    ("pattern", "text", "flags", "expected"),
    [
        ("^DO-\\d{3}$", "DO-046", "", True),
        ("^DO", "xDO", "", False),
        ("^b$", "a\nb\nc", "m", True),
        ("^$", "a\n", "m", False),
        ("c$", "c\n", "", False),
        ("a.b", "a\nb", "", False),
        ("a.b", "a\nb", "s", True),
        ("ÅÄÖ", "åäö", "i", True),
        ("[^å]", "Å", "i", False),
        ("a b", "ab", "x", True),
        ("a[ ]b", "ab", "x", False),
        ("a.b", "a.b", "q", True),
        ("a.b", "axb", "q", False),
        ("[a-z-[aeiou]]+", "eio", "", False),
        ("\\p{Lu}\\p{Ll}+", "Åsa", "", True),
        ("\\P{L}", "abc", "", False),
        ("\\p{IsGreek}", "α", "", True),
        ("\\i\\c*", "_a-1", "", True),
        ("(a)(b)\\2", "abb", "", True),
        ("(a)\\1", "aA", "i", True),
        ("[\\w-]+", "-", "", True),
        ("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)\\11", "abcdefghijkk", "", True),
        ("(a)\\11", "aa1", "", True),
        ("[\\[\\]]+", "[]", "", True),
        ("[\\n-\\r]", "\n", "", True),
        ("[\\p{Lu}\\d]+", "Å1", "", True),
        ("a[\\] ]b", "a b", "x", True),
        ("", "x", "", True),
    ],
)
def test_patterns_of_xpath(pattern: str, text: str, flags: str, expected: bool) -> None:
    assert (compile_pattern(pattern, flags).search(text, 0, Budget()) is not None) is expected


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        ("(", ""),
        (")", ""),
        ("a**", ""),
        ("*", ""),
        ("[", ""),
        ("[]", ""),
        ("[z-a]", ""),
        ("a{2,1}", ""),
        ("a{x}", ""),
        ("\\1", ""),
        ("(a\\1)", ""),
        ("[\\1]", ""),
        ("\\q", ""),
        ("\\p{Xx}", ""),
        ("[\\pL]", ""),
        ("[\\p{L]", ""),
        ("[a[b]]", ""),
        ("[a-z-[aeiou]b]", ""),
        ("[a-\\d]", ""),
        ("[a" * 60 + "]" * 60, ""),
        ("[a-" * 60, ""),
        ("(?i)a", ""),
        ("(?=a)", ""),
        ("a", "g"),
        ("\\", ""),
        ("(" * 60 + ")" * 60, ""),
        ("((a{99}){99}){99}", ""),
    ],
)
def test_what_is_no_pattern_is_refused(pattern: str, flags: str) -> None:
    with pytest.raises(InvalidPatternError):
        compile_pattern(pattern, flags)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('replace("ärende 12 och 345", "\\d+", "#")', "ärende # och #"),
        ('replace("förnamn efternamn", "(\\w+) (\\w+)", "$2, $1")', "efternamn, förnamn"),
        ('replace("pris", "r", "\\$")', "p$is"),
        ('replace("abc", "b", "$0$0")', "abbc"),
        ('replace("abc", "(x)?b", "[$1]")', "a[]c"),
        ('replace("abc", "b", "$")', None),
        ('replace("abc", "b", "\\n")', "a\nc"),
        ('replace("abc", "x*", "-")', None),
        ('replace("a.c", ".", "$", "q")', "a$c"),
        ('replace("abc", "B", "x", "i")', "axc"),
        ('replace("abc", "(", "x")', None),
    ],
)
def test_replacing(text: str, expected: str | None) -> None:
    assert feel(text) == expected
