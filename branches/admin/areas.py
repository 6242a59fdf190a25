"""Areas (片区), which lie across the tree."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from branches.models import Area
from branches.rules import roles
from registry.admin import Place, ScopedModelAdmin


@admin.register(Area)
class AreaAdmin(ScopedModelAdmin):
    list_display = ("name", "display_order")
    search_fields = ("name",)
    fields = (("name", "display_order"),)
    add_verb = change_verb = roles.CHANGE_TREE


admin.site.places.append(  # type: ignore[attr-defined]
    Place(_("Areas"), "branches_area_changelist", roles.CHANGE_TREE, 61, "area")
)
