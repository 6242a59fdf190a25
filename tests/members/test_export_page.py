"""The page “export” of a list: which rows go out, which columns, in full for whom, and the log."""

from __future__ import annotations

import io
import json
from functools import partial
from urllib.parse import quote

import openpyxl
import pytest
from django.urls import reverse

from branches.models import Grant
from tests.factories import TODAY, a_branch, a_member, a_user, an_id_number
from tests.members.exported import EXPORT, LIST, errors, export, exported, objects, told

pytestmark = pytest.mark.django_db
FULL = "With full ID numbers, phones and addresses"
ADDRESS = "临江市望江区梅园路17号"


# Which rows, which columns


def test_the_button_of_a_list_carries_its_filters_search_and_order(client, clerk, branch):
    a_member(branch)
    page = client.get(f"{LIST}?o=3&p=1&q={quote('张三')}&sex=M")
    asked = f"?o=3&q={quote('张三')}&sex=M"
    assert page.context["export_url"] == EXPORT + asked
    assert f'href="{EXPORT}{asked.replace("&", "&amp;")}"' in page.content.decode()


def test_what_the_list_shows_goes_out_in_the_columns_that_were_numbered(client, clerk, branch):
    a_member(branch, name="李四", sex="F", display_order=2)
    a_member(branch, name="王五", sex="M", display_order=1)
    a_member(branch, name="赵六", sex="F", display_order=1)
    a_member(branch, name="钱七", sex="F").leave("died", TODAY)
    a_member(a_branch(), name="外人", sex="F")
    answer = export(client, "sex", "name", query="sex=F")
    assert objects(answer) == [{"sex": "女", "name": "赵六"}, {"sex": "女", "name": "李四"}]
    assert list(objects(answer)[0]) == ["sex", "name"]


def test_a_number_twice_and_gaps_between_numbers_still_say_an_order(client, clerk, branch):
    a_member(branch)
    said = {"place-name": 7, "place-sex": 7, "place-number": 2, "file_format": "json"}
    [line] = objects(client.post(EXPORT, said))
    assert list(line) == ["number", "name", "sex"]


def test_a_workbook_has_the_title_of_its_organisation(client, clerk, branch):
    a_member(branch, name="李四", joined_on=None)
    query = f"organization={branch.pk}"
    answer = export(client, "row_number", "name", "born_on", file_format="xlsx", query=query)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    [title, headings, line] = sheet.iter_rows(values_only=True)
    assert title[0] == f"{branch}党员花名册"
    assert headings == ("序号", "姓名", "出生年月")
    assert line[1] == "李四"
    assert f"filename*=utf-8''{quote(f'{branch}党员花名册.xlsx')}" in answer["Content-Disposition"]


def test_the_page_says_how_many_and_which(client, clerk, branch):
    a_member(branch, sex="F")
    a_member(branch, sex="M")
    page = client.get(f"{EXPORT}?sex=F&organization={branch.pk}").content.decode()
    assert "1 row" in page
    assert "Sex: female" in page
    assert f"Organisation: {branch}" in page


def test_without_a_column_or_a_kind_of_file_nothing_goes_out(client, clerk, branch):
    assert errors(export(client)) == ["Choose at least one column: write a number beside it."]
    assert errors(export(client, "name", file_format="doc")) != []
    assert not exported().exists()


def test_only_declared_columns_can_be_asked_for(client, clerk, branch):
    """Probe 29: a field that is no column, by its name in the form."""
    a_member(branch)
    [line] = objects(export(client, "name", "id_digest", "pk", "organization__path", "_state"))
    assert list(line) == ["name"]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("organization=987654321", id="an organisation that is not his"),
        pytest.param("age_from=old", id="no number"),
        pytest.param("q=%00", id="a sign that no search takes"),
        pytest.param("id_number__startswith=1", id="a question to a column"),
        pytest.param("name=x&nonsense=1", id="no filter of the list"),
    ],
)
def test_a_filter_that_cannot_be_read_exports_nothing_and_says_so(client, clerk, branch, query):
    a_member(branch)
    sentence = "The filters cannot be read, so nothing was exported. Correct them."
    for ask in (client.get, partial(client.post, data={"place-name": 1, "file_format": "csv"})):
        answer = ask(f"{EXPORT}?{query}")
        assert answer.status_code == 302
        assert answer["Location"].startswith(LIST)
        assert sentence in client.get(LIST).content.decode()
    assert not exported().exists()


# Masked, or in full with the verb and a reason


def test_protected_values_are_masked_unless_asked_for(client, clerk, branch):
    number = an_id_number()
    a_member(branch, id_number=number, phone="13800001234", address=ADDRESS)
    for file_format in ("json", "csv"):
        answer = export(client, "id_number", "phone", "address", file_format=file_format)
        said = answer.content.decode()
        assert number not in said
        assert f"{'*' * 15}{number[-3:]}" in said
        assert "138****1234" in said
        assert ADDRESS not in said
    assert [told(entry)["numbers"] for entry in exported()] == ["masked", "masked"]


def test_in_full_needs_a_reason_which_serves_until_the_clerk_logs_out(client, clerk, branch):
    member = a_member(branch, phone="13800001234")
    assert errors(export(client, "id_number", full="on")) == [
        "Say what the full numbers are needed for."
    ]
    assert not exported().exists()

    [line] = objects(export(client, "id_number", "phone", full="on", reason="换届考察"))
    assert line == {"id_number": member.id_number, "phone": "13800001234"}
    [entry] = exported()
    assert (entry.reason, told(entry)["numbers"]) == ("换届考察", "full")

    assert "换届考察" in client.get(EXPORT).content.decode()
    [line] = objects(export(client, "id_number", full="on"))
    assert line == {"id_number": member.id_number}
    assert exported().last().reason == "换届考察"
    revealed = client.post(reverse("admin:members_member_reveal", args=[member.pk]))
    assert member.id_number in revealed.content.decode(), "the same reason, asked once"


def test_who_may_only_read_gets_masks_and_is_offered_nothing_else(client, branch):
    member = a_member(branch)
    client.force_login(a_user("reader", branch))
    assert FULL not in client.get(EXPORT).content.decode()
    answer = export(client, "id_number", full="on", reason="好奇")
    assert errors(answer) == ["You may export these rows with masked numbers only."]
    assert member.id_number not in answer.content.decode()
    assert member.id_number not in json.dumps(objects(export(client, "id_number")))


def test_one_row_that_may_not_go_out_in_full_holds_back_all(client, committee, branch):
    """A reader of the committee who is clerk of one branch of it."""
    user = a_user("reader", committee)
    Grant.objects.create(user=user, organization=branch, role="branch_clerk")
    client.force_login(user)
    own, other = a_member(branch), a_member(a_branch(committee))
    answer = export(client, "id_number", full="on", reason="换届")
    assert errors(answer) == ["You may export these rows with masked numbers only."]

    query = f"organization={branch.pk}"
    assert objects(export(client, "id_number", query=query, full="on", reason="换届")) == [
        {"id_number": own.id_number}
    ]
    assert other.id_number not in json.dumps(objects(export(client, "id_number")))


def test_without_the_verb_there_is_neither_a_button_nor_a_page(client, committee):
    client.force_login(a_user("auditor"))
    assert "export_url" not in client.get("/branches/auditentry/").context
    assert client.get(EXPORT).status_code == 403
    assert export(client, "name").status_code == 403


# Foreign rows


def test_ids_and_organisations_of_others_change_nothing(client, branch):
    """Probe 29: what is posted or asked beside the filters is no way to foreign rows."""
    foreign = a_member(a_branch(), name="外人")
    a_member(branch, name="自己")
    client.force_login(a_user("branch_clerk", branch))
    forged = {"_selected_action": foreign.pk, "select_across": 1, "pk": foreign.pk}
    assert objects(export(client, "name", **forged)) == [{"name": "自己"}]
    for query in (f"organization={foreign.organization_id}", f"pk={foreign.pk}"):
        assert export(client, "name", query=query).status_code == 302


def test_rows_that_may_be_seen_but_not_exported_stay(client, committee, branch, monkeypatch):
    a_member(branch, name="自己")
    client.force_login(a_user("reader", branch))
    monkeypatch.setattr("members.admin.members.MemberAdmin.export_verb", "export_full")
    assert client.get(LIST).context.get("export_url") is None
    assert client.get(EXPORT).status_code == 403


# The log


def test_the_log_tells_who_took_what_and_how_many(client, clerk, branch):
    a_member(branch, sex="F")
    export(client, "name", "sex", query=f"sex=F&organization={branch.pk}&q={quote('张三')}")
    [entry] = exported()
    assert entry.user == clerk
    assert (entry.chain, entry.label) == (branch.log_chain, f"{branch}党员花名册")
    assert told(entry) == {
        "rows": 1,
        "filter": f"organisation: {branch}; sex: female",
        "search": "张三",
        "columns": "name, sex",
        "format": "json",
        "numbers": "masked",
    }


def test_a_number_that_was_searched_for_stands_in_the_log_as_a_mask(client, clerk, branch):
    member = a_member(branch)
    export(client, "name", query=f"q={member.id_number}")
    [entry] = exported()
    assert told(entry)["search"] == f"{'*' * 15}{member.id_number[-3:]}"


def test_an_auditor_reads_of_the_export_but_not_who_was_searched_for(client, clerk, branch):
    a_member(branch, name="司马懿")
    export(client, "name", query=f"q={quote('司马懿')}")
    client.force_login(a_user("auditor"))
    page = client.get("/branches/auditentry/?action=export").content.decode()
    assert "rows: 1" in page
    assert "司马懿" not in page
