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
        return _opened(self.own_sealed)

    @own.setter
    def own(self, values: Mapping[str, str]) -> None:
        kept = {name: text for name, value in values.items() if (text := " ".join(value.split()))}
        if long := [name for name, text in kept.items() if len(text) > LONGEST_VALUE]:
            raise ValueError(f"{long} hold more than {LONGEST_VALUE} signs.")
        # Sorted, so that equal values are equal text.
        self.own_sealed = json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else ""

    def changes(self) -> list[list[Any]]:
        """Of the own fields the names of those that changed, with dots for what they hold."""
        changes = super().changes()
        for change in changes:
            if change[0] == OWN:
                before, after = _opened(getattr(self, "_loaded", {}).get(OWN, "")), self.own
                changed = [
                    name for name in {**before, **after} if before.get(name) != after.get(name)
                ]
                change[1:] = [
                    ", ".join(f"{name} {HIDDEN}" for name in changed if name in values)
                    for values in (before, after)
                ]
        return changes


def _opened(text: str) -> dict[str, str]:
    values: dict[str, str] = json.loads(text) if text else {}
    return values
