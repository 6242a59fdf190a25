"""Keys that come from outside: only what can be one is asked of the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

LONGEST_KEY = 18  # digits that fit into the key of any database


def keys_among(values: Iterable[Any]) -> list[Any]:
    """Return those of ``values`` that can be a key; SQLite stumbles over a number too long."""
    return [value for value in values if str(value).isdecimal() and len(str(value)) <= LONGEST_KEY]


class ScopedAutocomplete(AutocompleteSelect):
    """Django's, which shows the label of a chosen row again, for rows among the user's choices."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, keys_among(value), attr)


class ScopedAutocompleteMultiple(AutocompleteSelectMultiple):
    """The same where several rows are chosen."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, keys_among(value), attr)
