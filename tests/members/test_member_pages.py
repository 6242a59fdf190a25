"""Pages of a member beside the form: moving, leaving, revealing, the history, many at once."""

from __future__ import annotations

from datetime import date

import pytest

from members.models import Finding, Member, Office
from registry.calendar import PartialDate
from registry.models import Entry
from tests.factories import TODAY, a_branch, a_member, a_user

pytestmark = pytest.mark.django_db
LIST = "/members/member/"
FINDINGS = "/members/finding/"
MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)


def page_of(member, name):
    return f"{LIST}{member.pk}/{name}/"


def said(response):
    return [str(message) for message in response.context["messages"]]


# Moving and leaving


def test_a_member_moves_to_the_neighbour_branch_with_a_reason_in_the_log(client, clerk, branch):
    member, neighbour = a_member(branch, since=MAY), a_branch(branch.parent)
    page = client.get(page_of(member, "move"))
    assert page.context["consequences"] == [
        "The stay in the old branch ends that day, and the new one begins."
    ]
    data = {"organization": neighbour.pk, "on": "2024-06-01", "reason": "换了处室"}
    response = client.post(page_of(member, "move"), data, follow=True)
    assert said(response) == ["张三 was moved."]
    member.refresh_from_db()
    assert member.organization == neighbour
    entry = Entry.objects.about(member).first()
    assert (entry.user, entry.reason) == (clerk, "换了处室")


def test_a_clerk_of_one_branch_moves_somebody_next_door_and_sees_him_no_more(client, branch):
    member, neighbour = a_member(branch, since=MAY), a_branch(branch.parent)
    client.force_login(a_user("branch_clerk", branch))
    offered = client.get(page_of(member, "move")).context["form"].fields["organization"].queryset
    assert list(offered) == [branch, neighbour]
    data = {"organization": neighbour.pk, "on": "2024-06-01", "reason": "换了处室"}
    response = client.post(page_of(member, "move"), data, follow=True)
    assert said(response) == ["张三 was moved."]
    assert client.get(page_of(member, "change")).status_code == 404


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("2024-04-30", "张三 has been in {old} since 2024-05-01, after 2024-04-30. {later}"),
        ("2999-01-01", "2999-01-01 is still to come. Enter it on that day."),
        ("30 June", "“30 June” is not a day. Write it as 2026-11-20."),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(client, clerk, branch, on, sentence):
    member, neighbour = a_member(branch, since=MAY), a_branch(branch.parent)
    page = client.post(page_of(member, "move"), {"organization": neighbour.pk, "on": on})
    assert page.context["form"].errors == {
        "on": [sentence.format(old=branch, later="Choose a later day.")]
    }
    member.refresh_from_db()
    assert member.organization == branch


def test_nobody_moves_into_rows_that_the_clerk_does_not_keep(client, clerk, branch):
    member, stranger = a_member(branch), a_branch(name="Foreign branch")
    page = client.post(page_of(member, "move"), {"organization": stranger.pk, "on": "2024-06-01"})
    assert list(page.context["form"].errors) == ["organization"]
    assert "Foreign branch" not in page.content.decode()


def test_leaving_says_beforehand_which_posts_end(client, clerk, branch):
    member = a_member(branch, since=MAY)
    Office.objects.create(organization=branch, member=member, post="secretary", held_from=MAY)
    page = client.get(page_of(member, "leave"))
    assert page.context["consequences"] == [
        "The record stays; it is counted nowhere from that day on.",
        f"张三 holds a post: secretary in {branch}.",
        "Posts end the same day.",
    ]
    client.post(page_of(member, "leave"), {"leaving_reason": "died", "on": "2024-06-01"})
    member.refresh_from_db()
    assert (member.left_on, member.leaving_reason) == (JUNE, "died")
    assert member.offices.get().held_until == JUNE


def test_a_suspended_member_is_restored(client, clerk, branch):
    member = a_member(branch, since=MAY)
    client.post(page_of(member, "suspend"), {"leaving_reason": "suspended", "on": "2024-06-01"})
    member.refresh_from_db()
    assert member.suspended_on == JUNE
    client.post(page_of(member, "restore"), {"on": "2024-07-01"})
    member.refresh_from_db()
    assert member.is_on_roll


def test_a_page_shows_every_objection(client, clerk, branch):
    member = a_member(branch, since=MAY)
    member.leave("died", JUNE)
    page = client.post(page_of(member, "leave"), {"leaving_reason": "expelled", "on": "2024-07-01"})
    assert page.context["form"].non_field_errors() == ["张三 is not on the roll."]


def test_a_wrong_entry_needs_a_reason_and_the_verb(client, clerk, branch):
    member = a_member(branch)
    page = client.post(page_of(member, "mark_wrong"), {"reason": " "})
    assert list(page.context["form"].errors) == ["reason"]
    client.post(page_of(member, "mark_wrong"), {"reason": "录入两次"})
    member.refresh_from_db()
    assert (member.wrong_entry, member.wrong_entry_reason) == (True, "录入两次")


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        ("branch_clerk", "move", 200),
        ("branch_clerk", "leave", 200),
        ("branch_clerk", "mark_wrong", 403),
        ("committee_clerk", "mark_wrong", 200),
        ("reader", "move", 403),
        ("reader", "reveal", 403),
        ("reader", "history", 403),
        ("approver", "leave", 403),
        ("approver", "history", 200),
        ("auditor", "move", 404),
        ("system_administrator", "history", 404),
    ],
)
def test_each_page_asks_its_own_verb(client, branch, role, name, status):
    top = None if role in {"auditor", "system_administrator"} else branch
    client.force_login(a_user(role, top))
    assert client.get(page_of(a_member(branch), name)).status_code == status


def test_the_record_offers_only_what_may_be_done(client, branch):
    member = a_member(branch)
    client.force_login(a_user("branch_clerk", branch))
    page = client.get(page_of(member, "change"))
    assert [str(verb["label"]) for verb in page.context["verbs"]] == [
        "Move",
        "Transfer out",
        "Leave",
        "Suspend",
    ]
    client.force_login(a_user("reader", branch))
    assert client.get(page_of(member, "change")).context["verbs"] == []


# Many at once


def act(client, action, members, **data):
    chosen = {"action": action, "_selected_action": [member.pk for member in members]}
    return client.post(LIST, chosen | data, follow=True)


def test_many_move_together(client, clerk, branch):
    people = [a_member(branch, name=name, since=MAY) for name in ("张三", "李四")]
    neighbour = a_branch(branch.parent)
    page = act(client, "move_many", people)
    assert page.context["members"] == people
    data = {"organization": neighbour.pk, "on": "2024-06-01", "confirmed": "1"}
    assert said(act(client, "move_many", people, **data)) == ["2 people were moved."]
    assert Member.objects.filter(organization=neighbour).count() == 2


def test_many_move_all_or_none_and_every_objection_is_shown(client, clerk, branch):
    early, late = a_member(branch, since=MAY), a_member(branch, name="李四", since=JUNE)
    neighbour = a_branch(branch.parent)
    data = {"organization": neighbour.pk, "on": "2024-05-15", "confirmed": "1"}
    page = act(client, "move_many", [early, late], **data)
    assert page.context["form"].errors == {
        "on": [f"李四 has been in {branch} since 2024-06-01, after 2024-05-15. Choose a later day."]
    }
    assert not Member.objects.filter(organization=neighbour).exists()


def test_one_field_of_many_shows_before_and_after_first(client, clerk, branch):
    people = [
        a_member(branch, name="张三", category="in_service"),
        a_member(branch, name="李四", category="retired"),
    ]
    page = act(client, "change_field", people)
    assert "category" in dict(page.context["fields"])
    page = act(client, "change_field", people, field="category", value="retired")
    assert [(row.before, row.after, row.changes) for row in page.context["rows"]] == [
        ("in service", "retired", True),
        ("retired", "retired", False),
    ]
    assert Member.objects.filter(category="retired").count() == 1, "nothing is changed yet"
    seen = {f"version-{member.pk}": member.version for member in people} | {"shown": "retired"}
    done = act(
        client, "change_field", people, field="category", value="retired", confirmed="1",
        reason="到龄退休", **seen,
    )  # fmt: skip
    assert said(done) == ["1 record was changed."]
    entry = Entry.objects.about(people[0]).first()
    assert (entry.changes, entry.reason) == ([["category", "in_service", "retired"]], "到龄退休")


def test_a_value_typed_after_the_look_is_shown_before_it_is_written(client, clerk, branch):
    member = a_member(branch)
    typed = {"field": "rank", "value": "二级", "shown": "一级", "confirmed": "1"}
    page = act(client, "change_field", [member], **typed, **{f"version-{member.pk}": "1"})
    assert [row.after for row in page.context["rows"]] == ["二级"]
    assert Member.objects.get().rank == ""


def test_many_are_not_changed_over_what_somebody_saved_since(client, clerk, branch):
    member = a_member(branch)
    member.job_title = "科员"
    member.correct(TODAY)
    data = {"field": "rank", "value": "四级", "shown": "四级", "confirmed": "1"}
    data[f"version-{member.pk}"] = "1"
    page = act(client, "change_field", [member], **data)
    assert page.context["form"].non_field_errors() == [
        "张三 was saved by somebody else since. Look at it again."
    ]
    assert Member.objects.get().rank == ""


@pytest.mark.parametrize("field", ["organization", "id_number", "name", "left_on", "version", "x"])
def test_other_fields_are_not_changed_in_many(client, clerk, branch, field):
    member = a_member(branch)
    page = act(client, "change_field", [member], field=field, value="1", confirmed="1")
    assert page.context["form"] is None
    assert Entry.objects.about(member).count() == 1


def test_rows_that_one_may_only_look_at_are_left_out_and_counted(client, branch):
    other = a_branch(branch.parent)
    mine, theirs = a_member(branch), a_member(other)
    user = a_user("branch_clerk", branch)
    user.grants.create(organization=other, role="reader")
    client.force_login(user)
    page = act(client, "change_field", [mine, theirs])
    assert page.context["members"] == [mine]
    assert said(page) == ["1 row was left out: you may look at it only."]


# Revealing


def test_revealing_asks_for_a_reason_once_and_logs_each_time(client, clerk, branch):
    one, two = a_member(branch, phone="13912345678"), a_member(branch, name="李四")
    asked = client.post(page_of(one, "reveal"))
    assert asked.context["values"] == []
    assert not Entry.objects.filter(action="reveal").exists()

    shown = client.post(page_of(one, "reveal"), {"reason": "核对档案"})
    assert dict(shown.context["values"]) == {
        "ID number": one.id_number,
        "mobile phone": "13912345678",
    }
    assert "no-store" in shown["Cache-Control"]
    shown = client.post(page_of(two, "reveal"))
    assert two.id_number in shown.content.decode()
    entries = Entry.objects.filter(action="reveal").order_by("id")
    assert [(each.user, each.reason, each.changes) for each in entries] == [
        (clerk, "核对档案", [["id_number", "", ""], ["phone", "", ""]]),
        (clerk, "核对档案", [["id_number", "", ""]]),
    ]


def test_looking_at_the_page_of_revealing_reveals_nothing(client, clerk, branch):
    member = a_member(branch)
    client.post(page_of(member, "reveal"), {"reason": "核对档案"})
    assert member.id_number not in client.get(page_of(member, "reveal")).content.decode()


# The history


def test_the_history_speaks_the_clerks_words(client, clerk, branch):
    member = a_member(branch, since=MAY, born_on=PartialDate(1980, 5), phone="13900000001")
    data = client.get(page_of(member, "change")).context["adminform"].form.initial
    typed = {
        name: value for name, value in data.items() if value is not None and value is not False
    }
    typed |= {"kind": "probationary", "full_member_on": "", "phone": "13900000002"}
    typed |= {"born_on": "1980-05", "leading_cadre": "on"}
    for prefix, number in (("offices", 0), ("placements", 1)):
        typed |= {f"{prefix}-TOTAL_FORMS": number, f"{prefix}-INITIAL_FORMS": number}
    typed |= {"placements-0-id": member.placements.get().pk, "placements-0-member": member.pk}
    assert client.post(page_of(member, "change"), typed).status_code == 302

    page = client.get(page_of(member, "history"))
    line = page.context["lines"][0]
    assert (line.user, line.action) == ("Clerk Li", "changed")
    assert [(str(each.label), each.old, each.new) for each in line.changes] == [
        ("leading cadre", "no", "yes"),
        ("mobile phone", "139****0001", "139****0002"),
        ("kind", "full member", "probationary member"),
        ("full member since", "2006-06-01", ""),
    ]
    assert "13900000002" not in page.content.decode()


def test_the_history_tells_of_stays_but_not_the_names_of_other_peoples_branches(
    client, clerk, branch
):
    member = a_member(a_branch(name="Foreign branch"), since=MAY)
    member.move_to(branch, JUNE)
    page = client.get(page_of(member, "history"))
    moves = [
        (each.old, each.new)
        for line in page.context["lines"]
        for each in line.changes
        if line.subject == "" and str(each.label) == "branch"
    ]
    assert moves == [("—", str(branch)), ("", "—")]
    assert {str(line.subject) for line in page.context["lines"]} == {"", "stay"}
    assert "Foreign branch" not in page.content.decode()


# Findings


def test_findings_are_counted_by_kind_and_branch_and_lead_to_their_lists(client, clerk, branch):
    a_member(branch, full_member_on=PartialDate(2005, 7))
    a_member(branch, name="李四", sex="F", full_member_on=PartialDate(2005, 7))
    a_member(full_member_on=PartialDate(2005, 7))
    page = client.get(FINDINGS)
    assert [(str(row["label"]), row["count"]) for row in page.context["by_code"]] == [
        ("full member within a year", 2),
        ("sex differs from the ID number", 1),
    ]
    assert [(row["label"], row["count"]) for row in page.context["by_organization"]] == [
        (branch.name, 3)
    ]
    narrowed = client.get(FINDINGS + page.context["by_code"][1]["url"])
    assert [finding.member.name for finding in narrowed.context["cl"].result_list] == ["李四"]
    assert "Sex is female, but the ID number says male." in narrowed.content.decode()


def test_what_was_mended_lately_is_counted(client, clerk, branch):
    member = a_member(branch, full_member_on=PartialDate(2005, 7))
    member.full_member_on = PartialDate(2006, 6, 1)
    member.correct(date.today())  # noqa: DTZ011
    page = client.get(FINDINGS)
    assert page.context["mended_lately"] == 1
    assert list(page.context["cl"].result_list) == []


def test_findings_are_let_stand_with_one_reason_for_many(client, clerk, branch):
    people = [a_member(branch, full_member_on=PartialDate(2005, 7)) for _ in range(2)]
    chosen = [finding.pk for finding in Finding.objects.all()]
    data = {"action": "accept_many", "_selected_action": chosen}
    asked = client.post(FINDINGS, data)
    assert len(asked.context["findings"]) == 2
    done = client.post(FINDINGS, data | {"confirmed": "1", "reason": "档案如此"}, follow=True)
    assert said(done) == ["2 findings were left standing."]
    assert not Finding.objects.standing_open().exists()
    entry = Entry.objects.about(people[0]).first()
    assert (entry.reason, entry.changes) == ("档案如此", [["findings", "", "full_too_soon"]])


def test_a_reader_sees_findings_and_lets_none_stand(client, branch):
    a_member(branch, full_member_on=PartialDate(2005, 7))
    client.force_login(a_user("reader", branch))
    page = client.get(FINDINGS)
    assert len(page.context["cl"].result_list) == 1
    assert page.context["action_form"] is None
    data = {"action": "accept_many", "_selected_action": [Finding.objects.get().pk]}
    client.post(FINDINGS, data | {"confirmed": "1", "reason": "x"})
    assert Finding.objects.standing_open().count() == 1
