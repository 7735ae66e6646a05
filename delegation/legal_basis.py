"""Dated references to statutes: the law that an order points at changes without the order changing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from delegation.errors import DelegationError, UnknownLegalBasis


class RegistryInvalid(DelegationError):
    """The registry of legal bases can't be read."""

    code = "legal_basis_invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One paragraph of one statute, valid on the days in ``[valid_from, valid_to)``."""

    key: str
    statute: str
    #: Empty when the statute as a whole is meant or the paragraph has not been confirmed.
    paragraph: str
    #: ``V`` against the text of the statute, ``P`` against a public document, ``GK`` still to be confirmed.
    verified: str
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def text(self) -> str:
        """Return the reference as it is written in a decision."""
        return f"{self.paragraph} {self.statute}".strip()

    def holds(self, on_date: date) -> bool:
        """Tell whether the reference is in force on a day."""
        return (self.valid_from is None or self.valid_from <= on_date) and (
            self.valid_to is None or on_date < self.valid_to
        )


class LegalBasisRegistry:
    """The references of one order, by key."""

    __slots__ = ("_by_key",)

    def __init__(self, references: Iterable[Reference]) -> None:
        by_key: dict[str, tuple[Reference, ...]] = {}
        for reference in references:
            by_key[reference.key] = (*by_key.get(reference.key, ()), reference)
        self._by_key: Mapping[str, tuple[Reference, ...]] = by_key

    @property
    def keys(self) -> frozenset[str]:
        """Return every key the registry knows, on any day."""
        return frozenset(self._by_key)

    @property
    def references(self) -> tuple[Reference, ...]:
        """Return every reference by key, the oldest meaning of a key first."""
        return tuple(
            one
            for key in sorted(self._by_key)
            for one in sorted(self._by_key[key], key=lambda one: one.valid_from or date.min)
        )

    def reference(self, key: str, on_date: date) -> Reference:
        """Return what a key means on a day; raises ``UnknownLegalBasis`` (domain 3.2)."""
        for reference in self._by_key.get(key, ()):
            if reference.holds(on_date):
                return reference
        raise UnknownLegalBasis(key)


def reference(key: str, on_date: date, *, registry: LegalBasisRegistry) -> Reference:
    """Return what a key means on a day; raises ``UnknownLegalBasis``."""
    return registry.reference(key, on_date)


def read_registry(data: bytes) -> LegalBasisRegistry:
    """Read ``legal_basis.toml``; raises ``RegistryInvalid``."""
    try:
        rows = tomllib.loads(data.decode("utf-8"))["basis"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise RegistryInvalid(f"legal_basis.toml has no readable [[basis]] rows: {error}") from error
    references = [_reference(row) for row in rows]
    for one in references:
        for other in references:
            if one is not other and one.key == other.key and _overlap(one, other):
                raise RegistryInvalid(f"legal_basis.toml gives `{one.key}` two meanings on the same day")
    return LegalBasisRegistry(references)


def _reference(row: Mapping[str, Any]) -> Reference:
    try:
        return Reference(
            key=row["key"],
            statute=row["statute"],
            paragraph=row["paragraph"],
            verified=row["verified"],
            valid_from=row.get("valid_from"),
            valid_to=row.get("valid_to"),
        )
    except KeyError as error:
        raise RegistryInvalid(f"legal_basis.toml: `{row.get('key', '?')}` lacks {error}") from error


def _overlap(one: Reference, other: Reference) -> bool:
    starts = max(one.valid_from or date.min, other.valid_from or date.min)
    return starts < min(one.valid_to or date.max, other.valid_to or date.max)
