"""What a layout makes of a roster: its columns, its paper, its title and foot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.models import Organization
from members.models import Layout, own_fields_for
from members.models.layouts import STANDARD, Sheet
from members.papers.columns import OWN_COLUMN, Line, columns_offered
from registry.papers.columns import PaperColumn
from registry.papers.lists import A3_ON_ITS_SIDE, A4, A4_ON_ITS_SIDE, Page
from registry.sentences import Sentence, warning

PAGES: dict[str, Page] = {
    Sheet.A4: A4,
    Sheet.A4_ON_ITS_SIDE: A4_ON_ITS_SIDE,
    Sheet.A3_ON_ITS_SIDE: A3_ON_ITS_SIDE,
}


@dataclass(frozen=True)
class Drawn:
    """A layout, or the built-in one, as a roster needs it; what is empty follows the roster."""

    columns: tuple[PaperColumn[Line], ...] = ()
    page: Page = A4_ON_ITS_SIDE
    title: str = ""
    footer: str = ""
    by_branch: bool = False
    drop_empty: bool = False
    warnings: tuple[Sentence, ...] = ()


def layout_for(organization: Organization, name: str, reader: Any) -> Drawn:
    """Return the layout called ``name`` that holds for ``organization``; of no name the standard.

    Raises ValidationError at ``layout`` where there is none of that name.
    """
    held = Layout.objects.nearest_each(organization.path)
    layout = held.get(name.strip() or STANDARD)
    if layout is None:
        text = _("There is no layout “%(layout)s” for %(name)s. Choose one of these: %(names)s.")
        words = {"layout": name, "name": organization, "names": "、".join(held)}
        raise ValidationError({"layout": text % words})
    return drawn_from(layout, columns_for(organization, reader))


def drawn_from(layout: Layout, offered: Mapping[str, PaperColumn[Line]]) -> Drawn:
    """Return what the layout makes of a roster; columns that there are no more are told of."""
    gone = [key for key in layout.widths if key not in offered]
    return Drawn(
        columns=tuple(
            replace(offered[key], width=width)
            for key, width in layout.widths.items()
            if key in offered
        ),
        page=PAGES.get(layout.sheet, A4_ON_ITS_SIDE),
        title=layout.title,
        footer=layout.footer,
        by_branch=layout.by_branch,
        drop_empty=layout.drop_empty,
        warnings=tuple(
            warning(
                "The layout “%(layout)s” has a column “%(column)s” that there is no more. "
                "The other columns are printed; choose the columns of the layout anew.",
                code="layout_column_gone",
                layout=layout.name,
                column=key.removeprefix(OWN_COLUMN),
            )
            for key in gone
        ),
    )


def columns_for(organization: Organization, reader: Any) -> dict[str, PaperColumn[Line]]:
    """Return every column that ``reader`` may print of people here and below, by its key."""
    own = own_fields_for(reader, organization.path)
    return columns_offered(field.name for field in own)


def without_empty(columns: Sequence[PaperColumn[Line]], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the places of the columns in which something stands; all where there are no rows."""
    return [at for at in range(len(columns)) if not rows or any(row[at] for row in rows)]
