"""What we write as canonical JSON is what the reference implementation of RFC 8785 writes."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from workflow_app.ledger import canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
#: Keys on both sides of where code points and UTF-16 units are ordered differently.
KEYS = TEXT | st.sampled_from(["\uffff", "\ue000", "\U00010000", "\U0001f600", "å", "a"])
LEAVES = st.none() | st.booleans() | TEXT | st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20)


@given(VALUES)
@example({"\U00010000": 1, "\ue000": 2})
@example('\x00\x07\x08\t\n\x0b\x0c\r\x1f\x7f\u2028"\\/')
def test_it_is_the_text_of_the_reference_implementation(value: Any) -> None:
    assert canonical.dumps(value) == rfc8785.dumps(value).decode()


@pytest.mark.parametrize("value", [2**53, "\ud800", {"\udfff": 1}, ["a", "\udc00b"]])
def test_what_json_does_not_keep_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"codepoints|surrogates|domain"):
        canonical.dumps(value)
