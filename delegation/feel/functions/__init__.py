"""The built-in functions of FEEL (DMN 10.3.4). One module a table of the standard; `BUILTINS` has them all."""

from __future__ import annotations

from types import MappingProxyType

from delegation.feel.functions import (
    contexts,
    conversion,
    days,
    lists,
    numeric,
    ordering,
    ranges,
    statistics,
    strings,
)

BUILTINS = MappingProxyType(
    conversion.REGISTRY.functions
    | strings.REGISTRY.functions
    | lists.REGISTRY.functions
    | ordering.REGISTRY.functions
    | statistics.REGISTRY.functions
    | numeric.REGISTRY.functions
    | days.REGISTRY.functions
    | ranges.REGISTRY.functions
    | contexts.REGISTRY.functions
)

__all__ = ["BUILTINS"]
