"""Django's own admin list over the same members and columns: unscoped, as the manual shows it."""

from __future__ import annotations

from django.contrib.admin import AdminSite, ModelAdmin
from django.urls import path

from members.admin.members import MemberAdmin
from members.models import Member


class StockMemberAdmin(ModelAdmin):
    list_display = MemberAdmin.list_display
    list_per_page = MemberAdmin.list_per_page
    list_select_related = ("organization",)
    search_fields = ("name",)
    ordering = ("organization", "display_order", "pk")

    def has_view_permission(self, request, obj=None):
        return True

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
