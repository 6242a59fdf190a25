"""After a renaming, a whole move and a merger everything about last year is as it was, byte for
byte; and the chronicle tells what happened."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from branches.models import Organization
from members.models import Member, Term
from members.models.reorganizing import merge_organizations, move_organization
from members.papers.kinds import PAPERS, ROSTERS
from registry.access import OPERATOR
from registry.papers.writing import HTML, PDF, write
from tests.factories import a_user, a_work_committee
from tests.members.papers import NOON, asked, rows
from tests.members.reorganizing import JUNE, MAY, an_office

pytestmark = pytest.mark.django_db
LAST_YEAR, MARCH = date(2023, 12, 31), date(2024, 3, 1)
LISTS = ("organizations", "officers", "terms", "floating", "statistics")


@pytest.fixture
def office():
    office = an_office()
    for place, member in enumerate(reversed(office.people[:3]), start=1):
        member.display_order, member.floating = place, True
        member.save()
    Term.begin(office.committee, "committee", date(2022, 1, 1), 5, JUNE)
    return office


def reorganized(office):
    office.committee.rename("中共云溪市财政和金融局机关委员会", "财金局机关党委", on=MARCH)
    move_organization(office.committee, a_work_committee(code="02"), MAY, "4", recode=True)
    merge_organizations([office.first], office.second, JUNE, "5")


def papers_of(organization):
    organization = Organization.objects.get(pk=organization.pk)
    wanted = asked(LAST_YEAR, OPERATOR)
    keys = (*ROSTERS, *LISTS)
    made = [PAPERS[key].make(organization, wanted) for key in keys]
    report = PAPERS["work_report"].make(organization, wanted)
    return [report, *(write(paper, HTML, printed_at=NOON) for paper in made)]


def statistics_of(capsys, code):
    call_command("statistics", "--organization", code, "--on", str(LAST_YEAR), "--json")
    return capsys.readouterr().out


def test_last_year_is_byte_for_byte_what_it_was(office, capsys):
    before = [papers_of(each) for each in (office.top, office.committee, office.first)]
    roster = PAPERS["roster"].make(office.committee, asked(LAST_YEAR, OPERATOR))
    pdf = write(roster, PDF, printed_at=NOON)
    numbers = statistics_of(capsys, "01001")
    reorganized(office)
    assert Member.objects.filter(organization=office.second).count() == 4
    after = [papers_of(each) for each in (office.top, office.committee, office.first)]
    assert after == before
    office.committee.refresh_from_db()
    roster = PAPERS["roster"].make(office.committee, asked(LAST_YEAR, OPERATOR))
    assert write(roster, PDF, printed_at=NOON) == pdf
    # The code of those days finds it, and stands on what is printed of them.
    assert statistics_of(capsys, "01001") == numbers == statistics_of(capsys, "02001")


def test_the_chronicle_is_printed_with_the_codes_of_each_time(office):
    named = office.committee.name
    reorganized(office)
    paper = PAPERS["chronicle"].make(
        Organization.objects.get(pk=office.first.pk), asked(JUNE, OPERATOR)
    )
    assert paper.title == "第一党支部沿革"
    assert [tuple(row.values()) for row in rows(paper)] == [
        ("1", "2000.01.01", "成立", "", f"{office.first.name}（{named}）", "", "",
         "01001001"),
        ("2", "2024.05.01", "随上级党组织转隶", "", "", "4", "01001001", "02001001"),
        ("3", "2024.06.01", "撤销", "", f"并入{office.second.name}", "5", "02001001", "02001001"),
    ]  # fmt: skip
    early = PAPERS["chronicle"].make(office.first, asked(LAST_YEAR, OPERATOR))
    assert len(rows(early)) == 1


def told(nodes):
    for node in nodes:
        one = node.organization
        yield str(one), one.code, node.full, node.url != ""
        yield from told(node.children)


def test_the_tree_of_a_day_has_the_names_parents_and_people_of_that_day(office, client):
    client.force_login(a_user("committee_clerk", office.top))
    reorganized(office)
    address = reverse("admin:organizations_past_tree")
    opened = f"{office.top.pk},{office.committee.pk}"
    page = client.get(address, {"on": str(LAST_YEAR), "open": opened})
    assert list(told(page.context["nodes"])) == [
        (str(office.top), "01", 5, True),
        ("财政局机关党委", "01001", 4, False),  # it has left his rows since
        ("第一党支部", "01001001", 3, False),
        ("第二党支部", "01001002", 1, False),
        ("民政局机关党委", "01002", 1, True),
    ]
    page = client.get(address, {"on": str(JUNE), "open": opened})
    assert [row[:3] for row in told(page.context["nodes"])] == [
        (str(office.top), "01", 1), ("民政局机关党委", "01002", 1),
    ]  # fmt: skip
    assert "still to come" in client.get(address, {"on": "2999-01-01"}).content.decode()
    early = client.get(address, {"on": "1999-01-01"})
    assert "None of your organisations stood on that day." in early.content.decode()
