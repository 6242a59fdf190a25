"""The form of a member: adding, correcting, masks, and what looks odd."""

from __future__ import annotations

from datetime import date

import pytest

from branches.models import PartyGroup
from members.models import Finding, Member
from registry.calendar import PartialDate
from registry.models import Entry
from tests.factories import a_branch, a_member, a_user, an_id_number
from tests.members.filled_in import ADD, LIST, errors, form_of, save, shown

pytestmark = pytest.mark.django_db


def person(branch, **typed):
    return {
        "organization": branch.pk,
        "since": "2024-07-01",
        "began": "developed",
        "name": "陈晨",
        "sex": "F",
        "ethnicity": "01",
        "born_on": "1985.6",
        "kind": "probationary",
        "category": "in_service",
        "joined_on": "2024-07-01",
        "party_age_correction": "0",
        "display_order": "0",
    } | typed


# Adding


def test_a_clerk_adds_a_person_with_the_day_and_the_way_it_began(client, clerk, branch):
    number = an_id_number(date(1985, 6, 12), "F")
    response = client.post(ADD, shown(client, ADD) | person(branch, id_number=number))
    member = Member.objects.get()
    assert response.status_code == 302, errors(response)
    assert (member.name, str(member.born_on), member.name_pinyin) == ("陈晨", "1985-06", "chenchen")
    stay = member.placements.get()
    assert (stay.organization, stay.placed_from, stay.began) == (
        branch,
        date(2024, 7, 1),
        "developed",
    )
    assert Entry.objects.about(member).get().user == clerk


def test_who_keeps_one_branch_finds_it_chosen(client, branch):
    client.force_login(a_user("branch_clerk", branch))
    assert shown(client, ADD)["organization"] == branch.pk


def test_a_double_click_adds_one_person(client, clerk, branch):
    data = shown(client, ADD) | person(branch)
    first, second = client.post(ADD, data), client.post(ADD, data)
    assert first.status_code == second.status_code == 302
    assert Member.objects.count() == 1


def test_going_back_after_saving_does_not_lose_a_second_person(client, clerk, branch):
    data = shown(client, ADD) | person(branch)
    client.post(ADD, data)
    again = client.post(ADD, data | {"name": "李红"})
    [sentence] = errors(again)["__all__"]
    assert sentence.startswith("This form was saved before, as “陈晨”. Correct that record")
    client.post(ADD, data | {"name": "李红", "once": again.context["once"]})
    assert sorted(Member.objects.values_list("name", flat=True)) == ["李红", "陈晨"]


def test_the_record_tells_age_and_party_age(client, clerk, branch):
    page = client.get(form_of(a_member(branch, born_on=PartialDate(1985, 6)))).content.decode()
    assert "Party age" in page
    assert " years " in page


def test_a_new_person_stands_behind_those_of_the_branch(client, clerk, branch):
    a_member(branch, display_order=7)
    client.post(ADD, shown(client, ADD) | person(branch))
    assert Member.objects.in_roster_order().last().display_order == 8


@pytest.mark.parametrize("typed", ["2024.7.1", "2024年7月1日", "20240701", " 2024-07-01\t"])
def test_the_day_is_read_as_clerks_write_it(client, clerk, branch, typed):
    client.post(ADD, shown(client, ADD) | person(branch, since=typed))
    assert Member.objects.get().placements.get().placed_from == date(2024, 7, 1)


@pytest.mark.parametrize("typed", ["1985.6", "１９８５年６月", " 1985 - 06\t", "198506"])
def test_half_a_date_is_read_as_clerks_write_it(client, clerk, branch, typed):
    client.post(ADD, shown(client, ADD) | person(branch, born_on=typed))
    assert str(Member.objects.get().born_on) == "1985-06"


@pytest.mark.parametrize("typed", ["138 0000 0000", "138-0000-0000", "+86 13800000000\t"])
def test_a_phone_number_is_kept_as_a_sheet_keeps_it(client, clerk, branch, typed):
    client.post(ADD, shown(client, ADD) | person(branch, phone=typed))
    assert Member.objects.get().phone == "13800000000"


def test_what_is_no_phone_number_is_quoted(client, clerk, branch):
    answer = client.post(ADD, shown(client, ADD) | person(branch, phone="问办公室"))
    assert errors(answer) == {
        "phone": ["“问办公室” is not a phone number. Write digits, such as 010-88886666."]
    }


def test_two_people_of_one_name_are_added_from_two_forms(client, clerk, branch):
    for _ in range(2):
        client.post(ADD, shown(client, ADD) | person(branch))
    assert Member.objects.count() == 2


def test_what_the_verb_refuses_stands_at_its_field(client, clerk, branch):
    response = client.post(ADD, shown(client, ADD) | person(branch, since="1999-01-01"))
    assert errors(response) == {
        "organization": [
            f"{branch} was founded on 2000-01-01, after 1999-01-01. Choose a later day."
        ]
    }
    assert not Member.objects.exists()


def test_nobody_is_added_to_a_branch_of_somebody_else(client, clerk):
    stranger = a_branch(name="Foreign branch")
    response = client.post(ADD, person(stranger))
    assert list(errors(response)) == ["organization"]
    assert "Foreign branch" not in response.content.decode()
    assert not Member.objects.exists()


# ID numbers that somebody has


def test_an_id_number_registered_elsewhere_gets_one_sentence_and_an_entry(client, clerk, branch):
    stranger = a_member(name="外人")
    response = client.post(ADD, person(branch, id_number=stranger.id_number))
    assert errors(response) == {
        "id_number": ["This ID number is registered in another organisation. Use a transfer."]
    }
    entry = Entry.objects.get(action="refused")
    assert entry.user == clerk
    assert stranger.id_number not in str(entry.changes)
    assert "外人" not in response.content.decode()


def test_the_holder_whom_the_clerk_may_see_is_named_with_a_link(client, clerk, branch):
    holder = a_member(branch)
    response = client.post(ADD, person(branch, id_number=holder.id_number))
    [sentence] = errors(response)["id_number"]
    assert f'<a href="{form_of(holder)}">张三</a>' in sentence
    assert holder.number in sentence


def test_whoever_tries_numbers_is_stopped_after_twenty(client, clerk, branch):
    strangers = [a_member() for _ in range(21)]
    said = [
        errors(client.post(ADD, person(branch, id_number=stranger.id_number)))["id_number"]
        for stranger in strangers
    ]
    assert said[0] == said[19]
    stopped = ["Too many ID numbers of other organisations were tried. Go on in an hour."]
    assert said[20] == stopped
    free = client.post(ADD, person(branch, id_number=an_id_number()))
    assert errors(free)["id_number"] == stopped, "a free number tells nothing either"
    assert Entry.objects.filter(action="refused").count() == 20


# Masks


def test_protected_values_never_leave_the_server(client, clerk, branch):
    member = a_member(branch, phone="13912345678", address="某省某市某县某街12号")
    page = client.get(form_of(member)).content.decode()
    for secret in (member.id_number, "13912345678", "某街12号"):
        assert secret not in page
    assert "139****5678" in page


@pytest.mark.parametrize("typed", ["", "139****5678"], ids=["nothing", "the mask itself"])
def test_an_empty_box_and_the_mask_mean_unchanged(client, clerk, branch, typed):
    member = a_member(branch, phone="13912345678")
    assert save(client, form_of(member), phone=typed, job_title="科员").status_code == 302
    member.refresh_from_db()
    assert (member.phone, member.job_title) == ("13912345678", "科员")


def test_a_tick_clears_and_a_new_value_replaces(client, clerk, branch):
    member = a_member(branch, phone="13912345678", address="某街12号")
    save(client, form_of(member), phone="13800000000", **{"address-clear": "on"})
    member.refresh_from_db()
    assert (member.phone, member.address) == ("13800000000", "")


def test_somebody_elses_mask_is_no_value(client, clerk, branch):
    member = a_member(branch, phone="13912345678")
    response = save(client, form_of(member), phone="138****0000")
    assert errors(response) == {
        "phone": ["“138****0000” is a mask. Write the value in full, or leave the box empty."]
    }


def test_who_may_only_look_sees_masks_and_no_boxes(client, committee, branch):
    member = a_member(branch, phone="13912345678", address="某省某市某县某街12号")
    client.force_login(a_user("reader", committee))
    page = client.get(form_of(member)).content.decode()
    for secret in (member.id_number, "13912345678", "某街12号", 'name="_save"', 'name="phone"'):
        assert secret not in page
    assert "139****5678" in page
    assert client.post(form_of(member), {"name": "李四"}).status_code == 403


# Correcting, and what looks odd


def test_a_correction_is_logged_with_the_clerk(client, clerk, branch):
    member = a_member(branch)
    assert save(client, form_of(member), job_title="科员").status_code == 302
    entry = Entry.objects.about(member).first()
    assert (entry.user, entry.changes) == (clerk, [["job_title", "", "科员"]])


def test_saving_nothing_new_leaves_no_trace(client, clerk, branch):
    member = a_member(branch)
    before = Entry.objects.count()
    save(client, form_of(member))
    assert Entry.objects.count() == before


def test_errors_of_the_rules_stand_at_their_fields(client, clerk, branch):
    response = save(client, form_of(a_member(branch)), born_on="2031-01", joined_on="2030")
    assert errors(response) == {
        "born_on": ["Born on 2031-01, which is still to come. Check the date."],
        "joined_on": [
            "Joined on 2030, which is still to come. Check the date.",
            "Joined on 2030, before being born on 2031-01. Check both dates.",
        ],
        "full_member_on": [
            "Became a full member on 2006-06-01, before joining on 2030. Check both dates."
        ],
    }


def test_what_looks_odd_is_saved_shown_beside_its_field_and_let_stand_with_a_reason(
    client, clerk, branch
):
    member = a_member(branch)
    response = save(client, form_of(member), full_member_on="2005-09", _save="1")
    assert response["Location"] == form_of(member), "back to the form, to look at it"
    sentence = (
        "Became a full member on 2005-09, less than a year after joining on 2005-06-01. "
        "Compare both dates with the personnel file."
    )
    page = client.get(form_of(member))
    assert page.context["adminform"].form.fields["full_member_on"].warnings == [sentence]
    assert sentence in page.content.decode()
    response = save(client, form_of(member), let_stand_full_too_soon="档案如此", _save="1")
    assert response["Location"] == LIST
    finding = Finding.objects.get()
    assert (finding.accepted_by, finding.accepted_reason) == (clerk, "档案如此")


def test_what_is_missing_is_named_with_a_way_to_its_field(client, clerk, branch):
    page = client.get(form_of(a_member(branch, phone="13900000000")))
    assert page.context["complete_share"] < 100
    assert ("address", "id_address") in [
        (each["label"], each["anchor"]) for each in page.context["missing"]
    ]


def test_the_branch_is_no_field_and_cannot_be_posted(client, clerk, branch, committee):
    member = a_member(branch)
    other = a_branch(committee)
    typed = {"organization": other.pk, "left_on": "2020-01-01", "wrong_entry": "on", "number": "D1"}
    assert save(client, form_of(member), job_title="科员", **typed).status_code == 302
    member.refresh_from_db()
    assert (member.organization, member.left_on, member.wrong_entry) == (branch, None, False)


def test_a_party_group_of_another_branch_is_refused(client, clerk, branch, committee):
    group = PartyGroup.objects.create(organization=a_branch(committee), name="Foreign group")
    response = save(client, form_of(a_member(branch)), party_group=group.pk)
    assert list(errors(response)) == ["party_group"]
