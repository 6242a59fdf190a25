"""A list too long to wait for: made by the worker, kept as a file for the one who asked."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied
from django_tasks import default_task_backend

from registry.admin import exporting
from registry.admin.exporting import make_export
from registry.models import PreparedFile
from tests.factories import TODAY, a_branch, a_member, a_user
from tests.members.exported import errors, export, exported, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def few_at_once(monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 1)


def test_a_large_list_waits_as_a_file_for_the_one_who_asked(client, clerk, branch, few_at_once):
    members = [a_member(branch, name="李四"), a_member(branch, name="王五")]
    a_member(a_branch(), name="外人")
    answer = export(client, "name", "id_number", query="sex=M", full="on", reason="换届")
    prepared = PreparedFile.objects.get()
    assert answer["Location"] == f"/files/{prepared.pk}/page/"
    page = client.get(answer["Location"]).content.decode()
    assert f'href="/files/{prepared.pk}/"' in page
    assert 'http-equiv="refresh"' not in page

    file = client.get(f"/files/{prepared.pk}/")
    assert json.loads(file.content) == [
        {"name": member.name, "id_number": member.id_number} for member in members
    ]
    assert "党员花名册.json" in str(prepared.name)
    [entry] = exported()
    assert (entry.user, entry.reason, told(entry)["rows"]) == (clerk, "换届", 2)

    client.force_login(a_user("committee_clerk", branch.parent))
    for address in (f"/files/{prepared.pk}/", f"/files/{prepared.pk}/page/"):
        assert client.get(address).status_code == 404, "probe 30"


def test_while_a_file_is_made_its_page_says_how_far(client, clerk):
    prepared = PreparedFile.keep(clerk, "名册.xlsx", "text/plain", b"")
    PreparedFile.objects.update(done_rows=3000, all_rows=12000)
    page = client.get(f"/files/{prepared.pk}/page/").content.decode()
    assert "3000 of 12000 rows are written." in page
    assert 'http-equiv="refresh"' in page
    assert client.get(f"/files/{prepared.pk}/").status_code == 404, "not there yet"


@pytest.fixture
def orders(settings, few_at_once):
    """What waits for the worker, who does not come by himself."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    return default_task_backend.results


def test_the_worker_asks_again_what_the_user_may_see(client, clerk, branch, orders):
    stays, goes = a_member(branch, name="李四"), a_member(branch, name="李四")
    export(client, "number", query=f"q={quote('李四')}")
    goes.move_to(a_branch(), TODAY)
    [order] = orders
    assert "李四" not in f"{order.args}", "a search may hold an ID number"
    make_export.call(*order.args)
    assert json.loads(PreparedFile.objects.get().file) == [{"number": stays.number}]


def test_a_user_who_has_lost_his_rows_meanwhile_gets_no_file(client, clerk, branch, orders):
    for _ in range(2):
        a_member(branch)
    export(client, "name")
    clerk.grants.all().delete()
    [order] = orders
    with pytest.raises(PermissionDenied):
        make_export.call(*order.args)
    assert not PreparedFile.objects.exists()
    assert not exported().exists()


def test_more_than_fit_into_one_file_are_refused(client, clerk, branch, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 1)
    for _ in range(2):
        a_member(branch)
    assert errors(export(client, "name")) == [
        "More than 1 rows do not fit into one file. Filter the list."
    ]
