"""The rulebook's tables as choices of columns, labelled in the language in use."""

from __future__ import annotations

from branches.rules import hierarchy, roles
from registry.language import labelled, per_language


@per_language
def kinds() -> list[tuple[str, str]]:
    return labelled(hierarchy.kind_choices())


@per_language
def sorts() -> list[tuple[str, str]]:
    return labelled(hierarchy.sort_choices())


@per_language
def role_names() -> list[tuple[str, str]]:
    return labelled(roles.role_choices())
