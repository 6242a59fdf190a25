"""What a person's own offices note about him beside the columns that the register knows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.fields import EncryptedTextField
from registry.models import VersionedRecord
from registry.models.records import HIDDEN

OWN = "own_sealed"
LONGEST_VALUE = 500


class OwnValues(VersionedRecord):
    """A record that holds values of own fields (``OwnField``), one column for all of them.

    Nobody knows what an office writes there, so it is encrypted, and the log tells no value.
    """

    own_sealed = EncryptedTextField(
        _("own fields"), blank=True, editable=False, purpose="own fields"
    )

    class Meta:
        abstract = True

    @property
    def own(self) -> dict[str, str]:
        """The values by the names of their fields, also of fields that do not hold for him now.

        It is a copy: assign to change it, as in ``member.own |= {"车牌号": "浙A12345"}``. What is
        assigned replaces everything, each value in one line; empty ones go. Raises ValueError for
        one that is too long.
        """
        return values_in(self.own_sealed)

    @own.setter
    def own(self, values: Mapping[str, str]) -> None:
        self.own_sealed = text_of(values)

    def changes(self) -> list[list[Any]]:
        """Of the own fields the names of those that changed, with dots for what they hold."""
        changes = super().changes()
        for change in changes:
            if change[0] == OWN:
                change[1:] = logged(getattr(self, "_loaded", {}).get(OWN, ""), self.own_sealed)
        return changes


def text_of(values: Mapping[str, str]) -> str:
    """Return the values as the column holds them; raise ValueError for one that is too long."""
    kept = {name: text for name, value in values.items() if (text := " ".join(value.split()))}
    if long := [name for name, text in kept.items() if len(text) > LONGEST_VALUE]:
        raise ValueError(f"{long} hold more than {LONGEST_VALUE} signs.")
    # Sorted, so that equal values are equal text.
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else ""


def values_in(text: str) -> dict[str, str]:
    """Return the values in a text of the column."""
    values: dict[str, str] = json.loads(text) if text else {}
    return values


def logged(old: str, new: str) -> list[str]:
    """Return how the log shows one text of the column and the next: the names that changed."""
    before, after = values_in(old), values_in(new)
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [
        ", ".join(f"{name} {HIDDEN}" for name in changed if name in values)
        for values in (before, after)
    ]
