"""Auditors read the whole log; people stand in it by number, never by name."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from branches.models import AuditEntry
from registry.models import Entry, acting
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user

pytestmark = pytest.mark.django_db
LOG = reverse("admin:branches_auditentry_changelist")


def text_of(response):
    return response.content.decode()


@pytest.fixture
def auditor(client):
    client.force_login(a_user("auditor", name="审计员"))
    return client


def rows(page):
    return [
        (entry.model, entry.object_id, entry.action) for entry in page.context["cl"].result_list
    ]


def test_people_appear_by_number_and_never_by_name(auditor):
    clerk = a_user(name="干事甲")
    with acting(clerk, "核对档案"):
        member = a_member(name="司马青山", phone="13900000001")
        member.name = "司马绿水"
        member.correct(TODAY)
    page = text_of(auditor.get(LOG, {"model": "members.member"}))
    assert f"member {member.number}" in page
    assert "干事甲" in page
    assert "核对档案" in page
    for secret in ("司马青山", "司马绿水", "139****0001"):
        assert secret not in page


def test_changes_of_organisations_are_told_but_not_their_contacts(auditor):
    branch = a_branch(short_name="一支部")
    branch.contact, branch.display_order = "李四", 3
    branch.save()
    page = text_of(auditor.get(LOG, {"record": branch.pk, "model": "branches.organization"}))
    assert "一支部" in page
    assert "order: 0 → 3" in page
    assert "李四" not in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"action": "change"}, 1),
        ({"action": "delete"}, 0),
        ({"user": "clerk", "action": "change"}, 1),
        ({"user": "auditor"}, 0),
        ({"chain": "organization:{pk}", "action": "change"}, 1),
        ({"chain": "organization:0"}, 0),
        ({"day_from": "today", "action": "change"}, 1),
        ({"day_to": "2020-01-01"}, 0),
        ({"action": "abolish"}, 0),
        ({"day_from": "yesterday"}, 0),
        ({"user": "99999999999999999999"}, 0),
        ({"record": "99999999999999999999"}, 0),
    ],
    ids=str,
)
def test_filters_narrow_the_log_and_an_unreadable_one_lists_nothing(client, asked, found):
    clerk, auditor = a_user(), a_user("auditor")
    client.force_login(auditor)
    branch = a_branch()
    with acting(clerk):
        branch.contact = "李四"
        branch.save()
    values = {
        "clerk": clerk.pk,
        "auditor": auditor.pk,
        "today": timezone.localdate().isoformat(),
        "organization:{pk}": f"organization:{branch.pk}",
    }
    page = client.get(LOG, {name: values.get(value, value) for name, value in asked.items()})
    assert page.status_code == 200
    assert len(rows(page)) == found


def test_an_auditor_of_one_committee_reads_its_chains_only(client):
    committee = a_committee()
    inside, outside = a_branch(committee), a_branch()
    client.force_login(a_user("auditor", committee))
    seen = {pk for model, pk, _ in rows(client.get(LOG)) if model == "branches.organization"}
    assert {committee.pk, inside.pk} <= seen
    assert outside.pk not in seen
    assert committee.parent_id not in seen


def test_there_is_no_way_to_change_the_log(auditor):
    entry = AuditEntry.objects.first() or (a_branch() and AuditEntry.objects.first())
    for url in (f"{LOG}add/", f"{LOG}{entry.pk}/change/", f"{LOG}{entry.pk}/delete/"):
        assert auditor.get(url).status_code == 404
        assert auditor.post(url).status_code == 404
    with pytest.raises(TypeError):
        AuditEntry.objects.all().delete()
    with pytest.raises(TypeError):
        AuditEntry.objects.update(reason="x")
    assert Entry.objects.filter(pk=entry.pk).exists()


@pytest.mark.parametrize("role", ["system_administrator", "committee_clerk"])
def test_nobody_else_reads_the_log(client, role):
    client.force_login(a_user(role, a_committee()))
    assert client.get(LOG).status_code == 403
