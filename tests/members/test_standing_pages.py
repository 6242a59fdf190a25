"""The pages of standing: what is entered on a member's page, the lists, and who sees discipline."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from branches.rules import roles
from members.models import (
    Discipline,
    FloatingIn,
    FloatingOut,
    Member,
    Office,
    SecondMembership,
)
from registry.calendar import PartialDate, months_after, years_after
from registry.models import Entry
from tests.access_world import addresses
from tests.factories import a_branch, a_member, a_user
from tests.members.filled_in import form_of, shown
from tests.members.terms import an_election

pytestmark = pytest.mark.django_db
MAY, JUNE = "2026-05-01", "2026-06-01"
DECISION = {
    "kind": "probation_in_party", "on": "2026-05-01", "months": "24", "document": "纪发〔2026〕3号",
    "decided_by": "机关纪委", "note": "收受礼金",
}  # fmt: skip


def page_of(member, name):
    return f"/members/member/{member.pk}/{name}/"


def said(answer):
    return [str(each) for each in answer.context["messages"]]


def labels(answer):
    standing = answer.context["standing"]
    return [str(button["label"]) for button in standing["buttons"]] if standing else []


def tabs(answer):
    return {str(tab["label"]): tab["number"] for tab in answer.context["tabs"]}


# On the page of a member


def test_a_leaving_is_decided_by_a_document_and_corrected_afterwards(client, clerk, branch):
    member = a_member(branch)
    asked = {"leaving_reason": "transferred_out", "on": MAY, "document": "转字5号"}
    client.post(page_of(member, "leave"), asked)
    page = client.get(page_of(member, "change"))
    assert "转字5号" in page.content.decode()
    assert labels(page) == ["Correct the leaving"]
    form = client.get(page_of(member, "correct_leaving")).context["form"]
    assert (form["leaving_reason"].value(), str(form["on"].value())) == ("transferred_out", MAY)
    answer = client.post(
        page_of(member, "correct_leaving"), {"leaving_reason": "died", "on": JUNE}, follow=True
    )
    assert said(answer) == ["The leaving of 张三 is corrected."]
    member.refresh_from_db()
    assert (member.leaving_reason, member.left_on) == ("died", date(2026, 6, 1))
    client.post(
        page_of(member, "correct_leaving"),
        {"leaving_reason": "died", "on": JUNE, "never_left": "1"},
    )
    member.refresh_from_db()
    assert member.is_on_roll


def test_all_that_speaks_against_a_leaving_stands_in_the_form(client, clerk, branch):
    member = a_member(branch, joined_on=PartialDate(2005, 6, 1))
    page = client.post(page_of(member, "leave"), {"leaving_reason": "died", "on": "1990-01-01"})
    assert len(page.context["form"].errors["on"]) == 2
    page = client.post(page_of(member, "leave"), {"leaving_reason": "died", "on": "2999-01-01"})
    assert page.context["form"].errors == {
        "on": ["2999-01-01 is still to come. Enter it on that day."]
    }


def test_who_was_expelled_is_admitted_anew(client, clerk, branch):
    member = a_member(branch)
    member.leave("expelled", date(2015, 5, 1))
    assert "Admit anew" in labels(client.get(page_of(member, "change")))
    answer = client.post(
        page_of(member, "readmit"), {"organization": branch.pk, "on": MAY}, follow=True
    )
    later = Member.objects.get(former=member)
    assert answer.redirect_chain[-1][0] == page_of(later, "change")
    assert member.number in answer.content.decode()
    assert client.get(page_of(later, "history")).status_code == 200


def test_contact_is_lost_and_found(client, clerk, branch):
    member = a_member(branch)
    asked = {"lost_contact_since": "2026-01", "lost_contact_reason": "moved_house"}
    client.post(page_of(member, "lost"), asked)
    today = timezone.localdate()
    listed = client.get("/standing/", {"state": "six_months"})
    assert [line[0] for line in listed.context["lines"]] == [member]
    assert tabs(listed)["lost contact"] == 1
    member.refresh_from_db()
    member.suspend(years_after(today, -2))
    assert tabs(client.get("/standing/"))["two years or more: striking off to be examined"] == 1
    client.post(page_of(member, "found"), {})
    member.refresh_from_db()
    assert member.lost_contact_since is None
    assert member.suspended_on


def test_a_member_floats_out_and_is_back(client, clerk, branch):
    member = a_member(branch)
    since = months_after(timezone.localdate(), -7)
    asked = {"on": f"{since}", "place": "深圳", "province": "44", "why_away": "work"}
    client.post(page_of(member, "away"), asked)
    row = FloatingOut.objects.get()
    listed = client.get("/standing/floating/", {"state": "silent"})
    assert [line[:2] for line in listed.context["lines"]] == [(member, row)]
    page = client.get(page_of(member, "change"))
    assert "Floats out" not in labels(page)
    assert page.context["adminform"].form.fields["floating"].disabled
    asked = {"begins_on": f"{since}", "place": "深圳", "why_away": "work",
             "ends_on": f"{timezone.localdate()}"}  # fmt: skip
    answer = client.post(f"/standing/away/{row.pk}/", asked, follow=True)
    assert said(answer) == ["张三 is kept."]
    member.refresh_from_db()
    assert not member.floating
    assert Entry.objects.about(member).first().reason == ""


def test_somebody_from_elsewhere_is_entered_in_a_branch(client, clerk, branch):
    asked = {"name": "周游", "home": "外省某支部", "begins_on": MAY, "pays_here": "on"}
    client.post(f"/standing/guests/new/?organization={branch.pk}", asked)
    guest = FloatingIn.objects.get()
    assert guest.pays_here
    assert "外省某支部" in client.get("/standing/guests/").content.decode()
    above = client.post(f"/standing/guests/new/?organization={branch.parent.pk}", asked)
    assert "is no branch" in str(above.context["form"].errors)
    client.post(f"/standing/guests/{guest.pk}/", asked | {"ends_on": JUNE})
    assert not FloatingIn.objects.on(timezone.localdate()).exists()


def test_a_second_membership_is_entered_and_ended(client, clerk, branch):
    member, temporary = a_member(branch), a_branch(branch.parent, sort="temporary")
    offered = client.get(page_of(member, "second")).context["form"].fields["organization"].queryset
    assert list(offered) == [temporary]
    client.post(page_of(member, "second"), {"organization": temporary.pk, "on": MAY})
    row = SecondMembership.objects.get()
    for organization in (branch, temporary):
        listed = client.get("/standing/second/", {"organization": organization.pk})
        assert [line["row"] for line in listed.context["lines"]] == [row]
    client.post(f"/standing/second/{row.pk}/end/", {"on": JUNE})
    row.refresh_from_db()
    assert row.ends_on == date(2026, 6, 1)


def test_a_temporary_branch_sees_only_the_name_of_who_also_belongs_to_it(client, branch):
    member, temporary = a_member(branch), a_branch(branch.parent, sort="temporary")
    row = SecondMembership(
        member=member, organization=temporary, begins_on=date(2026, 5, 1), note="借调"
    )
    row.begin()
    client.force_login(a_user("branch_clerk", temporary))
    text = client.get("/standing/second/").content.decode()
    assert member.name in text
    assert str(branch) not in text
    assert "借调" not in text
    assert client.get(f"/standing/second/{row.pk}/end/").status_code == 404


# Discipline


def test_a_decision_is_entered_extended_lifted_and_corrected(client, clerk, branch):
    member = a_member(branch)
    page = client.post(page_of(member, "discipline"), DECISION | {"months": "18"})
    assert list(page.context["form"].errors) == ["months"]
    answer = client.post(page_of(member, "discipline"), DECISION | {"months": "12"}, follow=True)
    assert said(answer) == ["The decision on 张三 is entered."]
    row = Discipline.objects.get()
    of = f"/standing/discipline/{row.pk}/"
    assert "收受礼金" in client.get(of).content.decode()
    client.post(f"{of}extend/", {"months": "12", "on": JUNE, "document": "纪发7号"})
    row.refresh_from_db()
    assert row.period_until == date(2028, 5, 1)
    form = client.get(f"{of}correct/").context["form"]
    asked = {name: form[name].value() for name in form.fields} | {"decided_by": "纪工委"}
    client.post(f"{of}correct/", asked)
    client.post(f"{of}lift/", {"on": JUNE, "document": "纪发9号"})
    row.refresh_from_db()
    assert (row.decided_by, row.lifted_on) == ("纪工委", date(2026, 6, 1))
    listed = client.get("/standing/discipline/", {"state": "all"})
    assert list(listed.context["shown"]) == [row]
    assert len(client.get(of).context["lines"]) == 4


def test_expulsion_ends_the_membership_on_the_same_page(client, clerk, branch):
    member = a_member(branch)
    client.post(page_of(member, "discipline"), DECISION | {"kind": "expelled", "months": ""})
    member.refresh_from_db()
    assert (member.leaving_reason, member.left_on) == ("expelled", date(2026, 5, 1))


def test_what_ends_soon_is_listed(client, clerk, branch):
    today = timezone.localdate()
    soon = Discipline(
        member=a_member(branch), kind="warning", document="1号", decided_by="纪委",
        decided_on=years_after(today + timedelta(days=30), -1),
    )  # fmt: skip
    soon.impose(today)
    assert tabs(client.get("/standing/discipline/"))["ends within 60 days"] == 1


def test_a_post_under_discipline_is_warned_about_to_those_who_may_know(client, clerk, branch):
    member = a_member(branch)
    Discipline(
        member=member, kind="warning", document="1号", decided_by="纪委",
        decided_on=date(2026, 5, 1),
    ).impose(timezone.localdate())  # fmt: skip
    for user, warned in ((clerk, True), (a_user("branch_clerk", branch), False)):
        client.force_login(user)
        asked = shown(client, form_of(member)) | {
            "offices-TOTAL_FORMS": "1",
            "offices-0-post": "secretary",
            "offices-0-organization": branch.pk,
            "offices-0-body": "committee",
            "offices-0-held_from": MAY,
        }
        answer = client.post(form_of(member), asked, follow=True)
        assert member.offices.count() == 1
        assert any("holds no equal or higher post" in each for each in said(answer)) is warned
        Office.objects.all().delete()


def test_so_is_a_candidate(client, clerk, branch):
    member = a_member(branch)
    Discipline(
        member=member, kind="serious_warning", document="1号", decided_by="纪委",
        decided_on=date(2026, 5, 1),
    ).impose(timezone.localdate())  # fmt: skip
    first = an_election(branch).ballots.get()
    answer = client.post(
        f"/terms/ballots/{first.pk}/candidate/", {"member": member.pk}, follow=True
    )
    assert any("holds no equal or higher post" in each for each in said(answer))
    client.force_login(a_user("branch_clerk", branch))
    first.candidates.all().delete()
    answer = client.post(
        f"/terms/ballots/{first.pk}/candidate/", {"member": member.pk}, follow=True
    )
    assert said(answer) == ["The candidate is on the list."]
    assert first.candidates.count() == 1


# Nobody else hears of it


@pytest.mark.usefixtures("unlogged")
def test_no_page_tells_a_branch_clerk_of_discipline(client, branch):
    member = a_member(branch, name="王过")
    Office.objects.create(
        organization=branch, member=member, post="secretary", held_from=date(2024, 1, 1)
    )
    chief = a_user("committee_clerk", branch.parent)
    client.force_login(chief)
    client.post(page_of(member, "discipline"), DECISION)
    row = Discipline.objects.get()
    words = ["收受礼金", "纪发〔2026〕3号", "留党察看", "robation within", "iscipline or measure",
             "Discipline and", "standing/discipline"]  # fmt: skip
    seen = client.get(page_of(member, "change")).content.decode()
    assert all(word in seen for word in ("robation within", "standing/discipline"))
    for role in ("branch_clerk", "reader"):
        client.force_login(a_user(role, branch))
        for address in _every_page(member, row, whole_site=role == "branch_clerk"):
            answer = client.get(address)
            text = b"".join(answer) if answer.streaming else answer.content
            told = [word for word in words if word in text.decode(errors="replace")]
            assert not told, f"{role} {address}: {told}"
            if "/discipline/" in address:
                assert answer.status_code == 403, address
        assert client.post(page_of(member, "discipline"), DECISION).status_code == 403
        assert client.post(f"/standing/discipline/{row.pk}/lift/").status_code == 403
    assert Discipline.objects.count() == 1
    assert roles.VIEW_DISCIPLINE not in roles.ROLES["branch_clerk"].verbs


def _every_page(member, row, *, whole_site):
    """Every address that names no record but those that print, and those of these two records."""
    for pattern, name in addresses():
        route = pattern.replace("\\Z", "").replace("$", "").replace("^", "")
        if name in {"logout", "set_language", "jsi18n"} or "(?P" in route:
            continue
        if "<" not in route and not whole_site and not route.startswith("standing/"):
            continue
        if route.startswith(("papers/", "rosters/", "statistics/", "work-report/")):
            continue
        if "<" not in route:
            yield f"/{route}?organization={member.organization_id}"
        elif route.startswith("members/member/"):
            yield f"/{route.replace('<path:object_id>', str(member.pk))}"
        elif route.startswith("standing/discipline/"):
            yield f"/{route.replace('<int:pk>', str(row.pk))}"
