"""Own fields as sheets meet them: columns whose headings the register does not know."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from members.sheets.members import MemberResource
from registry.sheets import headings


def refuse_known_heading(name: str) -> None:
    """Raise ValidationError where the register reads a column headed ``name`` as one of its own."""
    table = MemberResource.table(timezone.localdate())
    _form, known = headings.look_up(name, table.synonyms)
    if known:
        raise ValidationError(
            _(
                "“%(name)s” is a heading that sheets use for “%(known)s” of the register. "
                "Choose another name."
            ),
            params={"name": name, "known": MemberResource.fields[known].column_name},
        )
