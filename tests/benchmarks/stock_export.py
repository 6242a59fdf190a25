"""The export of django-import-export as its manual shows it: a ModelResource, and its .xlsx."""

from __future__ import annotations

from django.db.models import Prefetch
from django.utils import timezone
from import_export import fields, resources

from members.models import Member, Office


class StockMemberResource(resources.ModelResource):
    party_post = fields.Field()

    class Meta:
        model = Member
        fields = (
            "number",
            "name",
            "sex",
            "ethnicity",
            "id_number",
            "born_on",
            "native_place",
            "education",
            "education_channel",
            "degree",
            "work_began_on",
            "joined_on",
            "full_member_on",
            "kind",
            "category",
            "organization__name",
            "party_post",
            "job_title",
            "phone",
            "address",
        )
        export_order = fields

    def dehydrate_party_post(self, member):
        return "、".join(office.get_post_display() for office in member.offices_now)


def stock_xlsx(rows) -> bytes:
    held = Office.objects.on(timezone.localdate())
    read = rows.select_related("organization").prefetch_related(
        Prefetch("offices", held, "offices_now")
    )
    return StockMemberResource().export(read).xlsx
