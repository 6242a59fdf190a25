"""One meeting, many people: entered once, all or nothing, with every objection at its person."""

from __future__ import annotations

import pytest

from members.models import Occasion, StepTaken
from tests.factories import a_branch, a_user
from tests.members.development import a_branch_that_develops, a_file
from tests.members.development_doors import TOGETHER, a_neighbour, ticked, together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]

DAY = "2026-11-20"
ROOM = {"on": DAY, "place": "一楼会议室", "chair": "赵建国", "recorder": "钱学礼",
        "entitled": "14", "present": "12", "excused_abroad": "1"}  # fmt: skip
VOTES = {"votes_for": "11", "votes_against": "1", "result": "agreed"}


@pytest.fixture
def branch():
    return a_branch_that_develops(name="第一支部")


@pytest.fixture
def branch_clerk(client, branch):
    user = a_user("branch_clerk", branch, username="li")
    client.force_login(user)
    return user


@pytest.fixture
def clerk(client, branch):
    user = a_user("committee_clerk", branch.parent, username="sun")
    client.force_login(user)
    return user


def ready(branch, *names: str, until: str = "application_form"):
    return [a_file(branch, name=name, until=until) for name in names]


def offered(client, address: str) -> list[str]:
    return [line.file.name for line in client.get(address).context["lines"]]


def errors(answer) -> list[str]:
    assert answer.status_code == 200
    return [text for _place, text in answer.context["errors"]]


def test_eight_people_pass_in_one_assembly(client, branch_clerk, branch):
    files = ready(branch, *"甲乙丙丁戊己庚辛")
    address = together(branch, "assembly")
    assert offered(client, address) == list("甲乙丙丁戊己庚辛")
    answer = client.post(address, ROOM | ticked(*files, **VOTES), follow=True)
    occasion = Occasion.objects.get()
    assert answer.redirect_chain[-1][0] == f"/development/occasions/{occasion.pk}/"
    assert "Recorded for 8 people." in answer.content.decode()
    assert (occasion.organization, occasion.entered_by) == (branch, branch_clerk)
    assert occasion.facts == {
        "place": "一楼会议室", "chair": "赵建国", "recorder": "钱学礼", "entitled": 14, "due": 13,
        "present": 12, "excused": [{"reason": "abroad"}],
    }  # fmt: skip
    steps = StepTaken.objects.filter(step="assembly", occasion=occasion)
    assert steps.count() == 8
    assert steps.first().facts == occasion.facts | {
        "votes_for": 11, "votes_against": 1, "abstained": 0, "written_for": 0,
        "written_against": 0, "result": "agreed",
    }  # fmt: skip


def test_each_person_has_his_own_vote(client, branch_clerk, branch):
    one, two = ready(branch, "甲", "乙")
    typed = ROOM | ticked(one, two, **VOTES) | {
        f"p{two.pk}-votes_for": "3", f"p{two.pk}-votes_against": "9",
        f"p{two.pk}-result": "refused",
    }  # fmt: skip
    client.post(together(branch, "assembly"), typed)
    results = dict(StepTaken.objects.filter(step="assembly").values_list("file__name", "result"))
    assert results == {"甲": "agreed", "乙": "refused"}


def test_all_or_nothing_and_every_objection_is_named_by_person(client, branch_clerk, branch):
    one, two, three = ready(branch, "甲", "乙", "丙")
    typed = ROOM | ticked(one, two, three, **VOTES) | {
        f"p{two.pk}-votes_for": "6", f"p{three.pk}-votes_for": "20",
    }  # fmt: skip
    answer = client.post(together(branch, "assembly"), typed)
    said = errors(answer)
    assert any(text.startswith("乙: 6 of 13 due are for it") for text in said), said
    assert any(text.startswith("丙: ") and "only 12 present" in text for text in said), said
    assert not any(text.startswith("甲: ") for text in said)
    assert not Occasion.objects.exists()
    assert not StepTaken.objects.filter(step="assembly").exists()
    lines = {line.file.name: line for line in answer.context["lines"]}
    assert all(line.ticked for line in lines.values()), "what was ticked stays ticked"
    assert lines["丙"].form["votes_for"].value() == "20", "what was typed stays"
    assert "Nothing is recorded. What was typed stands below." in answer.content.decode()
    assert answer.context["due"] == 13


def test_who_is_not_ticked_is_not_judged_and_keeps_what_was_typed(client, branch_clerk, branch):
    one, two = ready(branch, "甲", "乙")
    typed = ROOM | ticked(one, two, **VOTES) | {"tick": [one.pk], f"p{two.pk}-votes_for": "viele"}
    client.post(together(branch, "assembly"), typed)
    assert list(StepTaken.objects.filter(step="assembly").values_list("file", flat=True)) == [
        one.pk
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"on": ""}, "day: Write the day on which it was."),
        ({"on": "tomorrow"}, "day: “tomorrow” is not a day. Write it as 2026-11-20."),
        ({"entitled": ""}, "entitled: Count them; the votes are judged by it."),
        (
            {"present": "many"},
            "present: “many” is not a whole number. Write it in digits, such as 12.",
        ),
        ({"tick": []}, "Nobody is named. Choose at least one person."),
    ],
)
def test_what_is_missing_is_said_at_its_box(client, branch_clerk, branch, typed, sentence):
    [file] = ready(branch, "甲")
    answer = client.post(together(branch, "assembly"), ROOM | ticked(file, **VOTES) | typed)
    assert errors(answer) == [sentence]


def test_a_number_that_cannot_be_read_is_said_at_its_person(client, branch_clerk, branch):
    [file] = ready(branch, "甲")
    typed = ROOM | ticked(file, **VOTES | {"votes_for": "elf"})
    assert errors(client.post(together(branch, "assembly"), typed)) == [
        "甲: “elf” is not a whole number. Write it in digits, such as 12."
    ]


def test_those_are_offered_whose_plan_allows_it(client, branch_clerk, branch):
    ready(branch, "甲")
    ready(branch, "乙", until="pre_review")
    ready(a_neighbour(branch), "丙")
    assert offered(client, together(branch, "assembly")) == ["甲"]
    assert offered(client, together(branch, "application_form")) == ["乙"]


def test_what_the_committee_takes_is_not_offered_to_the_branch(client, branch_clerk, branch):
    ready(branch, "甲", until="committee_talk")
    answer = client.get(together(branch, "approval"))
    assert answer.context["lines"] == []
    assert "Nobody waits for this step here whom you may enter." in answer.content.decode()


def test_a_committee_approves_with_one_document(client, clerk, branch):
    one, two = ready(branch, "甲", "乙", until="committee_talk")
    typed = {"on": DAY, "document": "机委〔2026〕8号"} | ticked(
        one, two, result="agreed", reason="材料迟到"
    )
    answer = client.post(together(branch.parent, "approval"), typed, follow=True)
    assert "Recorded for 2 people." in answer.content.decode()
    assert "机委〔2026〕8号" in answer.content.decode()
    occasion = Occasion.objects.get()
    assert occasion.organization == branch.parent
    for file in (one, two):
        file.refresh_from_db()
        assert (file.member.kind, file.member.organization) == ("probationary", branch)


WAYS = [
    ("activist_filed", "activist", "clerk", {}, {}),
    ("object_filed", "object", "clerk", {"document": "备〔2026〕1号"}, {"consent": "yes"}),
    ("training", "political_review", "clerk", {"days": "3"}, {"result": "合格"}),
    ("pre_review", "branch_review", "clerk", {"document": "预〔2026〕2号"}, {"result": "agreed"}),
    ("oath", "placed", "clerk", {"place": "礼堂"}, {}),
    ("object_notice", "cultivation", "branch_clerk", {"until": "2026-11-27"}, {}),
    ("branch_review", "training", "branch_clerk", {}, {"result": "agreed"}),
]  # fmt: skip


@pytest.mark.parametrize(("step", "until", "who", "once", "each"), WAYS, ids=str)
def test_other_steps_are_taken_together_on_the_same_page(
    client, branch, request, step, until, who, once, each
):
    request.getfixturevalue(who)
    files = ready(branch, "甲", "乙", until=until)
    office = branch.parent if who == "clerk" else branch
    typed = {"on": DAY} | once | ticked(*files, **{"reason": "补录"} | each)
    answer = client.post(together(office, step), typed)
    assert answer.status_code == 302, errors(answer)
    assert Occasion.objects.get().facts.keys() == once.keys()
    assert StepTaken.objects.filter(step=step).count() == 2


def test_an_assembly_belongs_to_one_branch(client, clerk, branch):
    other = a_neighbour(branch, name="第二支部")
    ready(branch, "甲")
    ready(other, "乙")
    answer = client.get(together(branch.parent, "assembly"))
    assert answer.context["lines"] == []
    assert [(str(office), people) for office, people, _url in answer.context["others"]] == [
        ("第一支部", 1), ("第二支部", 1),
    ]  # fmt: skip
    assert offered(client, answer.context["others"][1][2]) == ["乙"]


def test_the_first_page_leads_to_what_people_wait_for(client, branch_clerk, branch):
    ready(branch, "甲", "乙")
    context = client.get(TOGETHER, {"organization": branch.pk}).context
    found = {label: (people, url) for _number, label, people, url in context["choices"]}
    people, url = found["Assembly on admission"]
    assert (people, offered(client, url)) == (2, ["甲", "乙"])


def test_the_step_of_a_name_each_is_not_taken_together(client, branch_clerk, branch):
    answer = client.get(together(branch, "sponsors"))
    assert answer.context["asking"].errors["step"] == [
        "“sponsors” is no step that is taken together. Choose another."
    ]


def test_two_clerks_enter_one_assembly(client, branch_clerk, branch):
    files = ready(branch, "甲", "乙")
    address, typed = together(branch, "assembly"), ROOM | ticked(*files, **VOTES)
    assert client.post(address, typed | {"once": "one-form"}).status_code == 302
    client.force_login(a_user("branch_clerk", branch))
    answer = client.post(address, typed | {"once": "another-form"})
    said = errors(answer)
    assert said, "the second one is refused"
    assert Occasion.objects.count() == 1
    assert StepTaken.objects.filter(step="assembly").count() == 2
    assert all(line.ticked and not line.waits for line in answer.context["lines"])


def test_a_form_that_is_sent_twice_is_recorded_once(client, branch_clerk, branch):
    files = ready(branch, "甲", "乙")
    address, typed = together(branch, "assembly"), ROOM | ticked(*files, **VOTES)
    for _ in range(2):
        assert client.post(address, typed | {"once": "the-same"}).status_code == 302
    assert Occasion.objects.count() == 1


def test_what_was_typed_survives_an_ended_session(client, branch_clerk, branch):
    [file] = ready(branch, "甲")
    address, typed = together(branch, "assembly"), ROOM | ticked(file, **VOTES)
    client.get(address)
    session = client.session
    session["active"] -= 24 * 60 * 60
    session.save()
    client.post(address, typed)
    assert not Occasion.objects.exists()
    client.force_login(branch_clerk)
    context = client.get(address).context
    [line] = context["lines"]
    assert (line.ticked, line.form["votes_for"].value()) == (True, "11")
    assert (context["form"]["place"].value(), context["due"]) == ("一楼会议室", 13)


@pytest.mark.parametrize("stranger", ["foreign", "nobody"])
def test_somebody_foreign_who_is_ticked_is_as_good_as_nobody(
    client, branch_clerk, branch, stranger
):
    [file] = ready(branch, "甲")
    [foreign] = ready(a_neighbour(branch), "阚外人")
    pk = foreign.pk if stranger == "foreign" else 987_654_321
    typed = ROOM | ticked(file, **VOTES) | {"tick": [file.pk, pk], f"p{pk}-votes_for": "11"}
    answer = client.post(together(branch, "assembly"), typed)
    assert errors(answer) == [
        "Somebody whom you ticked is not here any more. Look who is ticked now."
    ]
    assert "阚外人" not in answer.content.decode()
    assert not Occasion.objects.exists()


def test_a_branch_enters_old_decisions_of_its_committee(client, branch_clerk, branch):
    [file] = ready(branch, "甲", until="activist")
    address = together(branch, "activist_filed", historical="on")
    assert offered(client, address) == ["甲"]
    typed = {"on": "2022-09-10"} | ticked(file, reason="据纸质档案补录")
    answer = client.post(address, typed, follow=True)
    assert "Recorded for 1 person." in answer.content.decode()
    assert file.steps.get(step="activist_filed").historical
    assert Occasion.objects.get().organization == branch.parent


def test_a_reader_is_offered_nobody_and_records_nothing(client, branch):
    [file] = ready(branch, "甲")
    client.force_login(a_user("reader", branch))
    assert client.get(together(branch, "assembly")).context["lines"] == []
    client.post(together(branch, "assembly"), ROOM | ticked(file, **VOTES))
    assert not Occasion.objects.exists()


def test_an_occasion_of_others_is_as_good_as_none(client, branch_clerk, branch):
    files = ready(branch, "甲")
    client.post(together(branch, "assembly"), ROOM | ticked(*files, **VOTES))
    address = f"/development/occasions/{Occasion.objects.get().pk}/"
    text = client.get(address).content.decode()
    assert "甲" in text
    assert "Votes for" in text or "votes for 11" in text
    client.force_login(a_user("branch_clerk", a_branch(branch.parent)))
    assert client.get(address).status_code == 404
    assert client.get("/development/occasions/987654321/").status_code == 404


def test_an_occasion_is_withdrawn_for_all_with_a_reason(client, clerk, branch):
    files = ready(branch, "甲", "乙", until="committee_talk")
    typed = {"on": DAY, "document": "8号"} | ticked(*files, result="agreed", reason="迟到")
    client.post(together(branch.parent, "approval"), typed)
    address = f"/development/occasions/{Occasion.objects.get().pk}/"
    answer = client.post(address, {"reason": ""})
    assert "Say why the step is withdrawn." in answer.content.decode()
    assert StepTaken.objects.in_force().of("approval").count() == 2
    answer = client.post(address, {"reason": "录错会议"}, follow=True)
    assert "Withdrawn for everybody." in answer.content.decode()
    assert not StepTaken.objects.in_force().of("approval").exists()
    for file in files:
        file.refresh_from_db()
        assert file.member is None
    client.force_login(a_user("reader", branch.parent))
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "so"}).status_code == 403
