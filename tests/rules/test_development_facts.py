"""What is recorded at a step: votes that add up, able sponsors, enough training and notice."""

from __future__ import annotations

import pytest

from tests.rules.development_files import DAYS, SPONSORS, a_file, codes, errors, said_against


@pytest.mark.parametrize("historical", [False, True])
@pytest.mark.parametrize("step", ["assembly", "full_assembly"])
def test_votes_that_do_not_add_up_are_refused_at_any_age(step, historical):
    wrong = {"entitled": 12, "excused": [{"reason": "abroad"}], "due": 12, "present": 10,
             "written_for": 3, "votes_for": 9, "votes_against": 2}  # fmt: skip
    found = errors(step, DAYS[step], facts=wrong, historical=historical, reason="x")
    assert found == ["due_differs", "more_than_due", "more_votes_than_present"]
    reasonless = wrong | {"excused": [{"reason": "on holiday"}]}
    assert "excuse_unknown" in errors(step, DAYS[step], facts=reasonless)


CANNOT = {"name": "周五", "member": 3, "full_member": True, "under_probation_in_party": True}
NEW = {"name": "吴六", "member": 4, "full_member": False}


@pytest.mark.parametrize("historical", [False, True])
@pytest.mark.parametrize(
    ("sponsors", "found"),
    [
        (SPONSORS, []),
        (SPONSORS[:1], ["too_few_named"]),
        ([SPONSORS[0], SPONSORS[0]], ["named_twice", "too_few_named"]),
        ([SPONSORS[0], {"name": "赵 一鸣", "full_member": True}],
         ["named_twice", "too_few_named"]),
        ([SPONSORS[0], SPONSORS[0] | {"member": 9}], []),  # two people of one name
        ([*SPONSORS, SPONSORS[0]], ["named_twice"]),
        ([SPONSORS[0], CANNOT], ["cannot_sponsor", "too_few_named"]),
        ([SPONSORS[0], NEW], ["not_a_full_member", "too_few_named"]),
        ([*SPONSORS, NEW], ["not_a_full_member"]),
        ([CANNOT, NEW], ["cannot_sponsor", "not_a_full_member", "too_few_named"]),
    ],
)  # fmt: skip
def test_two_sponsors_are_full_members_and_free_to_act(sponsors, found, historical):
    said = errors("sponsors", "2023-07-05", facts={"sponsors": sponsors}, historical=historical,
                  reason="x")  # fmt: skip
    assert said == found


def test_old_papers_may_give_mere_names_of_sponsors():
    names = {"sponsors": [{"name": "赵一鸣"}, {"name": "钱二川"}]}
    old = codes("sponsors", "2023-07-05", facts=names, historical=True, reason="x")
    assert old == ["historical"]
    assert errors("sponsors", "2023-07-05", facts=names) == [
        "not_a_full_member", "not_a_full_member", "too_few_named",
    ]  # fmt: skip


def test_one_or_two_full_members_are_mentors():
    assert codes("mentors", "2022-06-20", facts={"mentors": SPONSORS[:1]}) == []
    assert codes("mentors", "2022-06-20", facts={"mentors": [NEW]}) == [
        "not_a_full_member", "too_few_named",
    ]  # fmt: skip
    three = [*SPONSORS, {"name": "郑七", "full_member": True}]
    (said,) = said_against("mentors", "2022-06-20", facts={"mentors": three})
    assert said == "3 mentors are named; one or two are usual. Check the list."
    assert said.level == "warning"


@pytest.mark.parametrize(
    ("days", "hours", "short"),
    [(3, 0, False), (0, 24, False), (2, 23, True), (2, 24, False), (2, None, True)],
)
def test_training_is_three_days_or_twenty_four_hours(days, hours, short):
    said = codes("training", "2023-08-10", facts={"days": days, "hours": hours})
    assert said == (["training_too_short"] if short else [])


@pytest.mark.parametrize(
    ("until", "found"),
    [
        ("2026-07-09", ["notice_too_short"]),
        ("2026-07-10", []),
        ("2026-07-05", ["notice_ends_before"]),
        ("soon", ["date_unreadable"]),
    ],
)
def test_a_notice_of_2026_stands_five_working_days(until, found):
    file = a_file("object", rule_set="2026-05")
    said = codes("object_notice", "2026-07-06", file, facts={"until": until}, reason="x")
    assert said == found
    before = a_file("object")
    old = codes("object_notice", "2026-07-06", before, facts={"until": "2026-07-07"})
    assert old == []
