"""Lists without a sheet of their own: what they show goes out, and no more of a row than that."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from django.contrib import admin
from django.contrib.admin import site
from django.test import RequestFactory
from django.utils.safestring import SafeString

from branches.models import Area, Unit
from members.models import Finding, Member, UnitHead
from registry.admin.export_columns import ListExport
from registry.models import Entry, ImportJob
from registry.models.log import Action
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return a_committee(name="中共临江市交通局委员会", short_name="交通局党委")


@pytest.fixture
def clerk(client, committee):
    user = a_user("committee_clerk", committee)
    client.force_login(user)
    return user


def exported(client, page, *names, query="", file_format="json"):
    places = {f"place-{name}": place for place, name in enumerate(names, 1)}
    answer = client.post(f"{page}export/?{query}", {**places, "file_format": file_format})
    assert answer.status_code == 200
    if file_format == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    return json.loads(answer.content)


def test_organisations_go_out_through_the_columns_that_also_read_them(client, clerk, committee):
    branch = a_branch(committee, name="第一支部", sort="joint", founded_on=date(2001, 7, 1))
    branch.units.add(Unit.objects.create(name="交通局"))
    a_branch()
    names = ("code", "name", "kind", "level", "parent_code", "unit", "founded_on")
    lines = exported(client, "/branches/organization/", *names, file_format="csv", query="o=2")
    assert lines == [
        ["组织代码", "组织全称", "组织类别", "级别", "上级组织代码", "所在单位", "成立时间"],
        [committee.code, committee.name, "机关党委", "2", committee.parent.code, "", "2000-01-01"],
        [branch.code, "第一支部", "联合党支部", "3", committee.code, "交通局", "2001-07-01"],
    ]
    assert exported(client, "/branches/organization/", "kind")[1] == {"kind": "branch"}


def test_units_go_out_with_what_their_list_adds_to_the_page(client, clerk, committee):
    unit = Unit.objects.create(name="交通局", has_leading_group=True)
    committee.units.add(unit)
    UnitHead(unit=unit, member=a_member(a_branch(committee), name="司马懿")).save()
    foreign = Unit.objects.create(name="水利局")
    a_committee().units.add(foreign)
    names = ("name", "has_leading_group", "shown_head", "head_is_secretary")
    assert exported(client, "/branches/unit/", *names) == [
        {
            "name": "交通局",
            "has_leading_group": "yes",
            "shown_head": "司马懿",
            "head_is_secretary": "no",
        }
    ]


def test_areas_go_out_under_the_labels_of_their_list(client, clerk, committee):
    Area.objects.create(name="城东", display_order=7)
    lines = exported(client, "/branches/area/", "display_order", "name", file_format="csv")
    assert lines == [["Order", "Name"], ["7", "城东"]]


def test_uploads_and_findings_go_out_as_they_are_shown(client, clerk, committee):
    member = a_member(a_branch(committee), name="司马懿")
    Finding.objects.create(member=member, code="full_too_soon", found_on=TODAY)
    ImportJob.objects.create(
        kind="members",
        file_name="=名册.xlsx",
        file=b"x",
        scope_path=committee.path,
        opening_on=TODAY,
        user=clerk,
        counts={"new": 2},
    )
    [job] = exported(client, "/registry/importjob/", "file_name", "result", "user")
    assert job == {
        "file_name": "=名册.xlsx",
        "result": "waiting for the clerk: new 2",
        "user": str(clerk),
    }
    [finding] = exported(client, "/members/finding/", "person", "found_on", query="state=all")
    assert finding == {"person": "司马懿", "found_on": "2026-11-20"}, "the link stays at home"


def test_a_list_says_the_very_columns_that_it_can_show(client, clerk):
    page = client.get("/branches/area/export/")
    assert [bound.label for bound in page.context["form"].column_fields] == ["Name", "Order"]
    assert "protected" not in page.content.decode()


class Bare(admin.ModelAdmin):
    """An admin whose list names protected fields, which it may not."""

    list_display = ("name", "id_number", "marked", "gone", "last_seen")

    def marked(self, member):
        return SafeString("<b>R&amp;D</b>")

    def gone(self, member):
        raise Member.DoesNotExist

    def last_seen(self, member):
        return member.placements.model  # anything that is no value of a cell

    def complete(self, request, records):
        pass


def test_a_protected_field_of_a_list_stays_at_home_and_markup_is_no_text():
    a_member(name="<b>张三</b>")
    source = ListExport(Bare(Member, site), RequestFactory().get("/"))
    assert list(source.columns) == ["name", "marked", "gone", "last_seen"]
    names = ("name", "marked", "gone")
    lines = source.lines(Member.objects.all(), names, full=True, for_programs=False)
    assert list(lines) == [["<b>张三</b>", "R&D", None]]


def test_an_export_of_a_list_is_logged_in_the_chain_of_its_user(client, clerk, committee):
    exported(client, "/branches/area/", "name")
    entry = Entry.objects.get(action=Action.EXPORT)
    assert (entry.chain, entry.label) == (f"user:{clerk.pk}", "Areas")


def test_accounts_and_the_log_do_not_leave_the_house(client):
    """Neither role that sees them carries the verb."""
    for role, page in (("auditor", "auditentry"), ("system_administrator", "account")):
        client.force_login(a_user(role))
        assert "export_url" not in client.get(f"/branches/{page}/").context
        assert client.get(f"/branches/{page}/export/").status_code in (403, 404)
