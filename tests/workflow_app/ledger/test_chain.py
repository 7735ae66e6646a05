"""The hash chain: what is stored is what was hashed, and every change shows."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest

from workflow_app.ledger import chain

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _seal(head: chain.Head, **data: chain.Data) -> chain.Sealed:
    return chain.seal(stream="s", head=head, kind="CASE_OPENED", at=AT, person="p", command="c", data=data)


def test_the_body_is_canonical_json_with_sorted_keys_and_no_spaces() -> None:
    body = _seal(chain.Head(), b=1, a="å").body

    assert body.index('"a":"å"') < body.index('"b":1')
    assert json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False) == body


def test_an_entry_names_the_hash_of_the_one_before() -> None:
    first = _seal(chain.Head())
    second = _seal(first.head)

    assert json.loads(first.body)["prev"] == chain.GENESIS
    assert json.loads(second.body)["prev"] == first.head.hash
    assert second.head.seq == 2


def test_the_hash_is_sha256_over_a_leaf_byte_and_the_body() -> None:
    sealed = _seal(chain.Head(), decision="d")

    assert sealed.head.hash == hashlib.sha256(b"\x00" + sealed.body.encode()).hexdigest()


@pytest.mark.parametrize("value", [2**53, 1.5e400, {"x": object()}])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(Exception, match=r"."):
        _seal(chain.Head(), value=value)  # type: ignore[arg-type]


def test_the_moment_is_written_in_utc() -> None:
    assert json.loads(_seal(chain.Head()).body)["at"] == "2026-03-02T09:30:00.000000+00:00"
