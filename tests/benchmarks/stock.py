"""Django's own admin list over the same members and columns: unscoped, as the manual shows it.

The same columns, rows on a page, order, search, actions and posts, and four filters.
"""

from __future__ import annotations

from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Prefetch
from django.urls import path
from django.utils import timezone

from members.admin.members import MemberAdmin
from members.models import Member, Office


class StockMemberAdmin(ModelAdmin):
    list_display = MemberAdmin.list_display
    list_per_page = MemberAdmin.list_per_page
    list_filter = ("kind", "sex", "category", "education")
    list_select_related = ("organization",)
    search_fields = ("name",)
    ordering = ("organization__path", "display_order", "pk")

    def get_queryset(self, request):
        held = Office.objects.on(timezone.localdate()).select_related("organization")
        return (
            super().get_queryset(request).prefetch_related(Prefetch("offices", held, "offices_now"))
        )

    def has_permission(self, request, obj=None):
        return True

    has_view_permission = has_change_permission = has_delete_permission = has_permission

    def __getattr__(self, name):
        """Columns that are methods of ours are computed by ours."""
        if name in self.list_display:
            return getattr(OURS, name)
        raise AttributeError(name)


site = AdminSite("stock")
OURS = MemberAdmin(Member, site)
site.register(Member, StockMemberAdmin)
site.has_permission = lambda request: True
urlpatterns = [path("", site.urls)]
