"""What a complete record holds."""

from __future__ import annotations

import pytest

from members.rules import completeness

COMPLETE = {
    "name": "张三",
    "sex": "M",
    "ethnicity": "01",
    "id_number": "1:encrypted",
    "born_on": 19900101,
    "native_place": "江城",
    "education": "20",
    "work_began_on": 20120700,
    "unit": 7,
    "job_title": "科员",
    "category": "in_service",
    "kind": "full",
    "joined_on": 20150701,
    "full_member_on": 20160701,
    "phone": "1:encrypted",
    "address": "1:encrypted",
}


def without(*fields, **changed):
    return {name: value for name, value in COMPLETE.items() if name not in fields} | changed


def test_a_complete_record_lacks_nothing():
    assert completeness.missing(COMPLETE) == ()
    assert completeness.share(()) == 100


@pytest.mark.parametrize("item", completeness.ITEMS, ids=lambda item: item.field)
def test_each_item_is_missed_where_it_is_empty(item):
    lacking = completeness.missing(COMPLETE | {item.field: ""})
    # Who has no category or kind is not asked for what only some have.
    assert item.field in lacking
    assert completeness.share(lacking) < 100


@pytest.mark.parametrize(
    ("record", "lacking"),
    [
        pytest.param(
            without("unit", "job_title", "work_began_on", category="retired"), (), id="retired"
        ),
        pytest.param(without("full_member_on", kind="probationary"), (), id="probationary"),
        pytest.param(without("full_member_on"), ("full_member_on",), id="full since when"),
        pytest.param(without("unit", employer="江城市财政局"), (), id="an employer is a unit"),
        pytest.param(without("unit", "phone"), ("unit", "phone"), id="in the order of the form"),
    ],
)
def test_only_what_applies_is_asked_for(record, lacking):
    assert completeness.missing(record) == lacking


def test_the_share_weighs_what_identifies_a_person():
    assert completeness.share(("id_number",)) < completeness.share(("address",)) < 100
    assert completeness.share([item.field for item in completeness.ITEMS]) == 0


def test_every_item_has_a_label_for_the_list_of_what_is_missing():
    assert set(completeness.LABELS) == {item.field for item in completeness.ITEMS}
