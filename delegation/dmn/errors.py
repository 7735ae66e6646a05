"""What can be wrong with a decision model, in words for the person who must repair it."""

from __future__ import annotations


class DmnError(Exception):
    """Something in a decision model can't be used."""

    code = "dmn_error"

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line}: {message}")
        self.line = line


class ModelRefused(DmnError):
    """The file is not one we are willing to read at all."""

    code = "dmn_model_refused"


class ModelInvalid(DmnError):
    """The file is XML, but not a decision model by the standard."""

    code = "dmn_model_invalid"


class UnknownElement(DmnError):
    """A reference points at an element that no model at hand declares."""

    code = "dmn_unknown_element"


class CyclicRequirement(DmnError):
    """A decision requires itself, directly or through others."""

    code = "dmn_cyclic_requirement"


class ExpressionInvalid(DmnError):
    """A cell or expression of the model can't be read as FEEL."""

    code = "dmn_expression_invalid"


class RulesConflict(DmnError):
    """Several rules match where the hit policy allows one answer."""

    code = "dmn_rules_conflict"

    def __init__(self, *, table: str, hit_policy: str, rules: tuple[str, ...]) -> None:
        named = ", ".join(f"`{rule}`" for rule in rules)
        super().__init__(
            f"table `{table}`: hit policy {hit_policy}: the rules {named} match the same input with "
            f"different answers. Narrow one of them"
        )
        self.table = table
        self.hit_policy = hit_policy
        self.rules = rules


class InputNotAllowed(DmnError):
    """An input value is outside the values that its column allows."""

    code = "dmn_input_not_allowed"

    def __init__(self, *, table: str, column: str) -> None:
        super().__init__(f"table `{table}`: column `{column}`: the value is outside the allowed input values")
        self.table = table
        self.column = column
