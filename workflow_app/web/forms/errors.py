"""What can be wrong with a form before anyone has typed in it, or with a request that is no form at all."""

from __future__ import annotations


class FormError(Exception):
    """the form cannot be used"""

    code = "FORM"


class FormDescriptionError(FormError):
    """A form description that Beredd cannot render: found when the model is deployed, not by the user."""

    code = "FORM_DESCRIPTION"

    def __init__(self, *, form: str, component: str, reason: str) -> None:
        self.form = form
        self.component = component
        super().__init__(f"form `{form}`: component `{component}`: {reason}")


class UnknownField(FormError):
    """A request that carries a field the form does not have."""

    code = "UNKNOWN_FIELD"

    def __init__(self, *, form: str, names: tuple[str, ...]) -> None:
        self.names = names
        listed = ", ".join(f"`{name}`" for name in self.shown)
        super().__init__(f"form `{form}` has no field {listed}; load the page again and fill in the form shown")

    @property
    def shown(self) -> tuple[str, ...]:
        """The first few names, shortened, with what cannot be printed left out."""
        return tuple("".join(filter(str.isprintable, name))[:60] for name in self.names[:5])
