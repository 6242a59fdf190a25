"""The pages of the statistics and of the work report: numbers, the lists behind, what is kept."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from docx import Document

from members.models import DifferenceNote, FiguresReport, TypedFigure, WorkReportTemplate
from tests.factories import a_branch, a_committee, a_member, a_user

pytestmark = pytest.mark.django_db

ASKED = {"on": "2025-12-31"}
YEAR = {"first": "2025-01-01", "last": "2025-12-31"}


@pytest.fixture
def committee():
    return a_committee(short_name="市财政局机关党委")


@pytest.fixture
def branch(committee):
    return a_branch(committee, short_name="第一支部")


@pytest.fixture
def clerk(client, committee):
    user = a_user("committee_clerk", committee)
    client.force_login(user)
    return user


def numbers_of(answer) -> dict[str, tuple[int, str]]:
    """Every number of the page with the address of its list."""
    found = {line["code"]: (line["number"], line["url"]) for line in answer.context["balance"]}
    for table in answer.context["tables"]:
        found |= {f"{table['key']} {label}": (n, url) for label, n, url in table["rows"]}
    return found


def test_every_number_opens_a_list_of_just_as_many(client, clerk, branch):
    a_member(branch, name="王小明", education="20", sex="M")
    a_member(branch, name="李晓梅", education="14", sex="F", id_number="", since=date(2025, 5, 1))
    a_member(branch, name="赵建国").leave("died", date(2025, 6, 1))
    answer = client.get("/statistics/", ASKED)
    numbers = numbers_of(answer)
    assert numbers["closing"][0] == 2
    opened = 0
    for label, (number, url) in numbers.items():
        if url and label != "difference":
            listed = client.get(url)
            assert listed.context["shown"].paginator.count == number, label
            assert len(listed.context["rows"]) == number, label
            opened += 1
    assert opened > 15
    died = client.get(numbers["died"][1]).content.decode()
    assert "赵建国" in died
    assert "2025-06-01" in died
    assert "李晓梅" in client.get(numbers["difference"][1]).content.decode()


def test_a_day_to_come_is_refused_at_its_field(client, clerk, branch):
    answer = client.get("/statistics/", {"on": "2999-12-31"})
    assert answer.context["asking"].errors == {
        "on": ["2999-12-31 is still to come. Choose today or an earlier day."]
    }
    assert "balance" not in answer.context


def test_submitting_keeps_the_numbers_and_lists_later_corrections(client, clerk, committee, branch):
    member = a_member(branch, name="王小明")
    address = f"/statistics/?organization={committee.pk}&on=2025-12-31"
    answer = client.post(address, {"what": "submit", "once": "one"})
    report = FiguresReport.objects.get()
    assert answer.url == f"/statistics/reports/{report.pk}/"
    assert report.submitted_by == clerk
    assert (
        "Nothing. The register still says what was submitted."
        in client.get(answer.url).content.decode()
    )
    member.leave("died", date(2025, 11, 3))
    text = client.get(answer.url).content.decode()
    assert "王小明" in text
    assert "died 2025-11-03" in text
    client.post(address, {"what": "submit", "once": "two"})
    assert FiguresReport.objects.count() == 1


def test_a_difference_is_explained_on_the_page(client, clerk, committee, branch):
    a_member(branch, since=date(2025, 5, 1))
    address = f"/statistics/?organization={committee.pk}&on=2025-12-31"
    client.post(address, {"what": "explain", "text": "年中建档", "once": "one"})
    assert DifferenceNote.objects.get().text == "年中建档"
    assert "年中建档" in client.get(address).content.decode()


def test_a_reader_sees_the_figures_and_keeps_nothing(client, committee, branch):
    client.force_login(a_user("reader", committee))
    address = f"/statistics/?organization={committee.pk}&on=2025-12-31"
    assert client.get(address).status_code == 200
    for what in ("submit", "explain"):
        assert client.post(address, {"what": what, "text": "x"}).status_code == 403
    report = f"/work-report/?organization={committee.pk}&first=2025-01-01&last=2025-12-31"
    assert client.get(report).status_code == 200
    assert client.post(report, {"box0": "1"}).status_code == 403
    assert client.get(f"/work-report/template/?organization={committee.pk}").status_code == 403


def test_a_foreign_organisation_gets_the_answer_of_one_that_never_was(client, clerk):
    foreign = a_branch()
    foreign_report = FiguresReport.submit(foreign, date(2025, 12, 31), date(2026, 1, 5))
    for address in ("/statistics/", "/work-report/", "/work-report/template/"):
        assert client.get(address, {"organization": foreign.pk}).status_code == 404
        assert client.get(address, {"organization": 10**9}).status_code == 404
    assert client.get(f"/statistics/reports/{foreign_report.pk}/").status_code == 404
    assert (
        client.get("/statistics/behind/", {**ASKED, "group": "x", "code": "y"}).status_code == 404
    )


def test_a_typed_number_stands_in_its_sentence_marked_as_typed(client, clerk, committee, branch):
    WorkReportTemplate.write(committee, "发展党员{发展党员}名，慰问{慰问党员}人次。")
    a_member(branch, name="王小明", since=date(2025, 5, 1)).placements.update(began="developed")
    address = f"/work-report/?organization={committee.pk}&first=2025-01-01&last=2025-12-31"
    client.post(address, {"box0": "12", "once": "one"})
    assert TypedFigure.objects.get().typed_by == clerk
    answer = client.get(address)
    assert answer.context["text"] == "发展党员1名，慰问12人次。"
    developed, visited = answer.context["numbers"]
    assert (visited.typed, visited.before, visited.change) == (True, "X", "")
    assert (developed.before, developed.change) == ("0", "+1")
    charts = {name: bars for name, _heading, bars in answer.context["charts"]}
    assert charts["chart-organizations"] == [], "none of these is in the sentences"
    [bar] = charts["chart-members"]
    assert (bar.label, bar.number, bar.before, bar.url) == ("发展党员", 1, 0, developed.url)
    assert "王小明" in client.get(developed.url).content.decode()
    refused = client.post(address, {"box0": "-1", "once": "two"})
    assert "-1 is below 0. Write how many there were." in refused.content.decode()


def test_the_sentences_of_an_office_are_edited_and_given_back(client, clerk, committee):
    address = f"/work-report/template/?organization={committee.pk}"
    refused = client.post(address, {"text": "发展{名", "once": "one"})
    assert "Line 1 has a brace without its other half." in refused.content.decode()
    client.post(address, {"text": "发展{发展党员}名", "once": "two"})
    assert WorkReportTemplate.objects.get().text == "发展{发展党员}名"
    client.post(address, {"text": "", "once": "three"})
    assert not WorkReportTemplate.objects.exists()


def test_the_report_is_a_file_to_edit_and_the_statistics_a_paper(client, clerk, committee, branch):
    WorkReportTemplate.write(committee, "党员总数{党员总数}名。")
    a_member(branch)
    answer = client.get(
        f"/papers/work_report/{committee.pk}/",
        {"on": "2025-12-31", "first": "2025-01-01", "form": "docx"},
    )
    words = [each.text for each in Document(BytesIO(answer.getvalue())).paragraphs]
    assert "市财政局机关党委工作报告" in words
    assert "党员总数1名。" in words
    for form, begins in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("html", b"\n<!")):
        file = client.get(f"/papers/statistics/{committee.pk}/", {"on": "2025-12-31", "form": form})
        assert file.status_code == 200, form
        assert file.getvalue().startswith(begins), form
