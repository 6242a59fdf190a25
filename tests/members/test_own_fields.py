"""An office's own fields: kept with the members, shown to those who see them, erased knowingly."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from members.models import Member, OwnField, own_fields_for
from registry.models import Entry, StaleRecord
from tests.factories import a_branch, a_committee, a_member, a_user
from tests.members.filled_in import errors, form_of, save, sent, shown

pytestmark = pytest.mark.django_db
PLATE = "车牌号"


def page_of(organization):
    return reverse("admin:organization_own_fields", args=[organization.pk])


def erase_page_of(field):
    return reverse("admin:own_field_erase", args=[field.pk])


def kept(organization, *names):
    fields = OwnField.keep(organization, names or [PLATE])
    return fields if len(fields) > 1 else fields[0]


def holding(organization, **own):
    member = a_member(organization)
    member.own = own
    member.save()
    return member


def box_of(field):
    return f"own_{field.pk}"


# With the member


def test_values_are_kept_by_name_and_empty_ones_go():
    member = holding(a_branch(), 车牌号="浙A12345", 宿舍="  ")
    member.own |= {"宿舍": " 3 号楼\n 201 "}
    member.save()
    assert Member.objects.get().own == {PLATE: "浙A12345", "宿舍": "3 号楼 201"}
    member.own = {}
    assert not member.own_sealed


def test_a_value_too_long_is_refused():
    with pytest.raises(ValueError, match="more than 500 signs"):
        Member().own = {PLATE: "号" * 501}


def test_neither_database_nor_log_holds_a_value_in_the_clear():
    member = holding(a_branch(), 车牌号="浙A12345")
    with connection.cursor() as cursor:
        cursor.execute("SELECT own_sealed FROM members_member")
        [[stored]] = cursor.fetchall()
    assert stored
    assert PLATE not in stored
    assert "浙A12345" not in stored
    assert all("浙A12345" not in str(entry.changes) for entry in Entry.objects.about(member))


def test_the_log_names_the_fields_that_changed_and_no_others():
    member = holding(a_branch(), 车牌号="浙A12345", 宿舍="201")
    member.own |= {PLATE: "浙A54321", "饭卡": "17"}
    member.save()
    [change] = Entry.objects.about(member).first().changes
    assert change == ["own_sealed", "车牌号 ••••", "车牌号 ••••, 饭卡 ••••"]
    member.own = {PLATE: "浙A54321", "饭卡": "17"}
    member.save()
    assert Entry.objects.about(member).first().changes == [["own_sealed", "宿舍 ••••", ""]]


def test_the_order_in_which_values_were_set_is_no_change():
    member = holding(a_branch(), 车牌号="浙A12345", 宿舍="201")
    before = Entry.objects.about(member).count()
    member.own = {"宿舍": "201", PLATE: "浙A12345"}
    member.save()
    assert Entry.objects.about(member).count() == before


# Which fields hold


def test_a_field_holds_for_the_office_and_everything_below(branch, committee):
    above, own = kept(committee.parent), kept(branch, "宿舍")
    kept(a_branch(committee), "饭卡")
    assert OwnField.objects.for_path(branch.path).once_each() == [above, own]
    assert OwnField.objects.for_path(committee.path).once_each() == [above]


def test_a_clerk_sees_the_fields_of_his_rows_and_of_those_above(branch, committee):
    clerk = a_user("branch_clerk", branch)
    above, own, beside = kept(committee), kept(branch, "宿舍"), kept(a_branch(committee), "饭卡")
    seen, changed = (
        set(OwnField.objects.visible_to(clerk, verb)) for verb in ("view", "change_organization")
    )
    assert seen == {above, own}
    assert changed == {own}
    assert set(OwnField.objects.visible_to(a_user("committee_clerk", committee))) == {
        above,
        own,
        beside,
    }
    assert not OwnField.objects.visible_to(a_user("auditor")).exists()


def test_for_people_below_a_path_each_name_is_offered_once(branch, committee):
    clerk = a_user("committee_clerk", committee)
    below = kept(branch, "宿舍", PLATE)[0]
    above = OwnField(organization=committee, name=PLATE)
    above.save()
    kept(a_branch(), "别处")
    assert own_fields_for(clerk, committee.path) == [above, below]
    assert own_fields_for(clerk, branch.path) == [above, below]
    assert own_fields_for(clerk, "") == [above, below]
    assert own_fields_for(a_user("branch_clerk", a_branch(committee)), branch.path) == [above]


def test_keeping_adds_only_what_does_not_hold_already(branch, committee):
    above = kept(committee)
    found = OwnField.keep(branch, [" 宿 舍\n", PLATE, "宿舍", "Plate  number"])
    assert [field.name for field in found] == ["宿舍", PLATE, "Plate number"]
    assert found[1] == above
    assert OwnField.keep(branch, ["宿舍"]) == found[:1]
    assert [field.name for field in OwnField.objects.for_path(branch.path).once_each()] == [
        PLATE,
        "宿舍",
        "Plate number",
    ]


@pytest.mark.parametrize("name", ["", " ", "号" * 51, "号\x07", "🚗"])
def test_a_name_that_cannot_be_a_heading_is_not_kept(branch, name):
    with pytest.raises(ValidationError):
        OwnField.keep(branch, ["宿舍", name])
    assert not OwnField.objects.exists()


# On the form


def test_the_form_has_a_box_for_each_field_that_holds(client, clerk, branch, committee):
    plate, room = kept(committee), kept(branch, "宿舍")
    kept(a_branch(committee), "饭卡")
    member = holding(branch, 车牌号="浙A12345", 别处="秘密")
    page = client.get(form_of(member)).content.decode()
    assert "Own fields" in page
    assert "浙A12345" in page
    assert "饭卡" not in page
    assert "秘密" not in page, "what another office noted is shown to nobody here"
    save(client, form_of(member), **{box_of(plate): "", box_of(room): "201"})
    assert Member.objects.get().own == {"宿舍": "201", "别处": "秘密"}


def test_without_own_fields_the_form_has_no_such_section(client, clerk, branch):
    page = client.get(form_of(holding(branch, 别处="秘密"))).content.decode()
    assert "Own fields" not in page


def test_a_member_who_moves_takes_his_values_along_unseen(client, clerk, branch, committee):
    kept(branch)
    member = holding(branch, 车牌号="浙A12345")
    member.move_to(a_branch(committee), member.placements.get().placed_from.replace(year=2026))
    assert "浙A12345" not in client.get(form_of(member)).content.decode()
    assert Member.objects.get().own == {PLATE: "浙A12345"}


def test_a_reader_sees_the_values_without_boxes(client, branch, committee):
    field = kept(committee)
    member = holding(branch, 车牌号="浙A12345<b>")
    client.force_login(a_user("reader", committee))
    page = client.get(form_of(member)).content.decode()
    assert PLATE in page
    assert "浙A12345&lt;b&gt;" in page
    assert box_of(field) not in page.replace(f"field-{box_of(field)}", "")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("号" * 501, "This has 501 signs; 500 fit. Shorten it."),
        ("浙A🚗", "The text holds “🚗”, which cannot be printed. Take it out."),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_box(client, clerk, branch, typed, sentence):
    field = kept(branch)
    member = holding(branch)
    refused = save(client, form_of(member), **{box_of(field): typed})
    assert errors(refused)[box_of(field)] == [sentence]
    assert Member.objects.get().own == {}


def test_the_history_page_tells_which_own_field_was_changed(client, clerk, branch):
    field = kept(branch)
    member = holding(branch, 车牌号="浙A12345")
    save(client, form_of(member), **{box_of(field): "浙A54321"})
    history = client.get(reverse("admin:members_member_history", args=[member.pk]))
    [change] = history.context["lines"][0].changes
    assert (change.label, change.old, change.new) == ("own fields", "车牌号 ••••", "车牌号 ••••")


# Two clerks


@pytest.fixture
def two(client, clerk, branch):
    """The member, the boxes of two own fields, and the form of our clerk, overtaken by another."""
    plate, room = map(box_of, kept(branch, PLATE, "宿舍"))
    member = holding(branch, 车牌号="浙A1", 宿舍="101")
    typed = shown(client, form_of(member))
    client.force_login(a_user("committee_clerk", branch.parent, name="Clerk Wang"))
    save(client, form_of(member), **{plate: "浙A2"})
    client.force_login(clerk)
    return member, plate, room, typed


def test_two_clerks_at_different_own_fields_do_not_disturb_each_other(client, two):
    member, _plate, room, typed = two
    assert client.post(form_of(member), typed | {room: "202"}).status_code == 302
    assert Member.objects.get().own == {PLATE: "浙A2", "宿舍": "202"}


@pytest.mark.parametrize(("choice", "kept_value"), [("mine", "浙A3"), ("theirs", "浙A2")])
def test_two_clerks_at_one_own_field_are_asked_which_is_right(client, two, choice, kept_value):
    member, plate, room, typed = two
    typed |= {plate: "浙A3", room: "202"}
    refused = client.post(form_of(member), typed)
    [conflict] = refused.context["conflicts"]
    assert (conflict.label, conflict.mine, conflict.theirs) == (PLATE, "浙A3", "浙A2")
    assert conflict.who == "Clerk Wang"
    assert Member.objects.get().own == {PLATE: "浙A2", "宿舍": "101"}
    form = refused.context["adminform"].form
    typed = {name: value for bound in form for name, value in sent(bound).items()} | {
        name: value for name, value in typed.items() if "TOTAL" in name or "INITIAL" in name
    }
    typed |= {"asked": plate, "settled": form.settles, f"keep_{plate}": choice}
    assert client.post(form_of(member), typed).status_code == 302
    assert Member.objects.get().own == {PLATE: kept_value, "宿舍": "202"}


def test_the_same_value_from_both_is_no_question(client, two):
    member, plate, _room, typed = two
    assert client.post(form_of(member), typed | {plate: "浙A2"}).status_code == 302


# On the page of the organisation


def test_a_clerk_adds_a_field_on_the_page_of_the_organisation(client, clerk, committee, branch):
    details = client.get(reverse("admin:organization_page", args=[committee.pk]))
    assert page_of(committee) in details.content.decode()
    client.post(page_of(committee), {"name": " 车牌\n号 "})
    field = OwnField.objects.get()
    assert (field.organization, field.name) == (committee, PLATE)
    listed = client.get(page_of(branch)).content.decode()
    assert PLATE in listed
    assert erase_page_of(field) not in listed, "it goes where it is kept"
    history = reverse("admin:branches_organization_history", args=[committee.pk])
    assert PLATE in client.get(history).content.decode()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("身份证号", "“身份证号” is a heading that sheets use for “身份证号码” of the register."),
        ("手 机（必填）", "is a heading that sheets use for “手机号码” of the register."),
        ("职务", "is a heading that sheets use for"),
        (PLATE, "“车牌号” holds here already; it is kept by"),
        ("", "This field is required."),
        ("号" * 51, "at most 50 characters"),
    ],
)
def test_a_name_that_would_not_be_clear_is_refused(
    client, clerk, committee, branch, name, sentence
):
    kept(committee)
    refused = client.post(page_of(branch), {"name": name})
    assert sentence in "".join(refused.context["form"].errors["name"])
    assert OwnField.objects.count() == 1


def test_only_who_keeps_the_organisation_keeps_its_fields(client, committee, branch):
    field = kept(committee)
    for user, answer in (
        (a_user("reader", committee), 403),
        (a_user("branch_clerk", branch), 404),
        (a_user("committee_clerk", a_committee()), 404),
    ):
        client.force_login(user)
        for url in (page_of(committee), erase_page_of(field)):
            assert client.get(url).status_code == answer
            assert client.post(url, {"name": "宿舍", "people": 0}).status_code == answer
    assert list(OwnField.objects.all()) == [field]


# Erasing


def test_a_field_goes_with_its_values_once_the_clerk_has_seen_how_many(
    client, clerk, committee, branch
):
    field = kept(committee)
    member, gone = holding(branch, 车牌号="浙A1", 宿舍="101"), holding(branch, 车牌号="浙A2")
    holding(branch)
    gone.leave("died", gone.placements.get().placed_from.replace(year=2026))
    foreign = holding(a_branch(), 车牌号="浙A3")
    page = client.get(erase_page_of(field)).content.decode()
    assert "2 members hold a value in this field." in page
    assert "浙A1" not in page
    client.post(erase_page_of(field), {"people": 2})
    assert not OwnField.objects.exists()
    assert Member.objects.get(pk=member.pk).own == {"宿舍": "101"}
    assert Member.objects.get(pk=gone.pk).own == {}
    assert Member.objects.get(pk=foreign.pk).own == {PLATE: "浙A3"}
    entry = Entry.objects.about(member).first()
    assert entry.changes == [["own_sealed", "车牌号 ••••", ""]]
    assert entry.user == clerk


def test_values_that_came_in_meanwhile_are_not_erased_unseen(client, clerk, branch):
    field = kept(branch)
    holding(branch, 车牌号="浙A1")
    refused = client.post(erase_page_of(field), {"people": 0})
    assert "Look at the number, and decide again." in refused.content.decode()
    assert "1 member holds a value in this field." in refused.content.decode()
    assert OwnField.objects.get() == field


def test_a_value_stays_where_another_office_keeps_a_field_of_that_name(branch, committee):
    below = kept(branch)
    above = OwnField(organization=committee, name=PLATE)
    above.save()
    member, beside = holding(branch, 车牌号="浙A1"), holding(a_branch(committee), 车牌号="浙A2")
    assert below.holders() == []
    assert above.holders() == [beside.pk]
    above.erase()
    assert Member.objects.get(pk=member.pk).own == {PLATE: "浙A1"}
    assert Member.objects.get(pk=beside.pk).own == {}


def test_a_form_opened_before_the_erasing_does_not_bring_the_value_back(client, clerk, branch):
    field = kept(branch)
    member = holding(branch, 车牌号="浙A1")
    typed = shown(client, form_of(member))
    stale = Member.objects.get()
    field.erase()
    assert client.post(form_of(member), typed | {"native_place": "某县"}).status_code == 302
    assert Member.objects.get().own == {}
    with pytest.raises(StaleRecord):
        stale.save()
