"""Sentences that a rule speaks in English and a door says in the reader's language.

A rule knows no Django, so it cannot translate. It returns its objections as ``Sentence``: plain
English text that still remembers the template and the values it was made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

ERROR = "error"
WARNING = "warning"


class Sentence(str):
    """English text that can be said again in another language.

    ``template`` has %-style places, such as ``"“%(name)s” is taken. Choose another."``; a value
    may be a ``Sentence`` itself (a label, say) and is then translated too. ``level`` is error or
    warning, ``field`` the name of the field at fault, ``code`` a short name that never changes.
    """

    template: str
    params: Mapping[str, Any]
    level: str
    field: str
    code: str

    def __new__(
        cls, template: str, /, *, level: str = ERROR, field: str = "", code: str = "", **params: Any
    ) -> Self:
        self = super().__new__(cls, template % params if params else template)
        self.template, self.params = template, params
        self.level, self.field, self.code = level, field, code
        return self

    def said_with(self, gettext: Callable[[str], str]) -> str:
        """Return the sentence in the language that ``gettext`` speaks."""
        params = {
            name: value.said_with(gettext) if isinstance(value, Sentence) else value
            for name, value in self.params.items()
        }
        return gettext(self.template) % params if params else gettext(self.template)


def warning(template: str, /, *, field: str = "", code: str = "", **params: Any) -> Sentence:
    """Return a sentence that the clerk may leave standing."""
    return Sentence(template, level=WARNING, field=field, code=code, **params)
