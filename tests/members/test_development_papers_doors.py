"""Who prints the papers of a file, and where: its page, its addresses, the command."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from members.admin.development.papers import papers_of
from members.papers.development.kinds import OF_FILES
from registry.models import Entry
from registry.models.log import Action
from tests.factories import a_branch, a_user
from tests.members.development import a_branch_that_develops, a_file

pytestmark = pytest.mark.django_db
KEYS = [paper.key for paper, _step in OF_FILES]


@pytest.fixture
def branch():
    return a_branch_that_develops(short_name="一支部")


@pytest.fixture
def file(branch):
    return a_file(branch, until="activist")


@pytest.fixture
def clerk(client, branch):
    user = a_user("branch_clerk", branch)
    client.force_login(user)
    return user


def printed() -> bool:
    return Entry.objects.filter(action=Action.PRINT).exists()


def test_the_papers_of_a_file_are_listed_in_the_order_of_the_way(file):
    found = papers_of(file)

    assert [each.paper.key for each in found] == KEYS
    assert next(each.url for each in found) == f"/development/files/{file.pk}/development_record/"
    taken = {each.paper.key for each in found if each.taken}
    assert taken == {"development_record", "file_contents", "first_talk_record"}


@pytest.mark.usefixtures("clerk")
def test_the_page_of_the_papers_leads_to_each_of_them(client, file):
    page = client.get(f"/development/files/{file.pk}/papers/").content.decode()

    for paper, _step in OF_FILES:
        for form in paper.forms:
            assert f'href="/development/files/{file.pk}/{paper.key}/?form={form}"' in page
    assert "Papers of 李晓梅" in page
    assert not printed()


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize("key", KEYS)
def test_every_paper_prints_at_its_address(client, file, key):
    address = f"/development/files/{file.pk}/{key}/"

    assert client.get(address).status_code == 200
    answer = client.get(address, {"form": "pdf"})

    assert answer.content.startswith(b"%PDF")
    entry = Entry.objects.about(file).get(action=Action.PRINT)
    assert ["numbers", "", "masked"] in entry.changes


@pytest.mark.usefixtures("clerk")
def test_a_form_that_a_paper_has_not_is_a_sentence(client, file):
    address = f"/development/files/{file.pk}/admission_request/"
    answer = client.get(address, {"form": "xlsx"}, follow=True)

    assert "This paper has no form “xlsx”." in answer.content.decode()
    assert not printed()


def test_full_numbers_need_the_verb_and_a_reason(client, branch, file, clerk):
    address = f"/development/files/{file.pk}/development_record/"
    assert "With full numbers" in client.get(address).content.decode()
    refused = client.post(address, {"form": "pdf", "reason": ""}, follow=True)
    assert "Say what the full numbers are needed for." in refused.content.decode()

    assert client.post(address, {"form": "pdf", "reason": "预审"}).content.startswith(b"%PDF")
    entry = Entry.objects.about(file).get(action=Action.PRINT)
    assert (entry.user, entry.reason) == (clerk, "预审")

    client.force_login(a_user("reader", branch))
    assert "With full numbers" not in client.get(address).content.decode()
    assert client.post(address, {"form": "pdf", "reason": "curious"}).status_code == 403


@pytest.mark.usefixtures("clerk")
def test_a_paper_without_protected_values_offers_none_in_full(client, file):
    address = f"/development/files/{file.pk}/admission_request/"

    assert "With full numbers" not in client.get(address).content.decode()
    assert client.post(address, {"form": "pdf", "reason": "x"}).status_code == 403


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize("key", ["papers", *KEYS])
def test_a_foreign_file_and_one_that_never_was_are_not_found(client, key):
    answers = []
    for pk in (a_file(name="周正").pk, 987654):
        address = f"/development/files/{pk}/{key}/"
        answer = client.get(address)
        assert answer.status_code == 404
        assert client.get(address, {"form": "pdf"}).status_code == 404
        assert client.post(address, {"form": "pdf", "reason": "x"}).status_code in (404, 405)
        answers.append(answer.content.decode().replace(f"/{pk}/", ""))
    assert answers[0] == answers[1]
    assert not printed()


# The command


@pytest.mark.parametrize("key", KEYS)
def test_the_command_prints_the_papers_of_a_file_by_its_number(file, key, tmp_path):
    target = tmp_path / "paper.pdf"

    call_command("print_paper", key, str(file.pk), "-o", target)

    assert target.read_bytes().startswith(b"%PDF")
    assert Entry.objects.about(file).filter(action=Action.PRINT).exists()


def test_the_command_knows_no_foreign_file_and_none_that_never_was(branch, tmp_path):
    clerk, target = a_user("branch_clerk", branch), tmp_path / "paper.pdf"

    for number in (str(a_file(name="周正").pk), "987654", "D00000017", "9" * 40):
        with pytest.raises(CommandError) as error:
            call_command("print_paper", "full_reply", number, "--as", clerk.username, "-o", target)
        assert str(error.value) == (
            f"There is no development file of number “{number}”. Write it as 17."
        )
        assert error.value.returncode == 2
    assert not target.exists()


def test_the_command_prints_in_full_for_a_reason_and_only_for_who_may(branch, file, tmp_path):
    target = tmp_path / "paper.pdf"
    record = ["print_paper", "development_record", str(file.pk), "--full", "--reason", "预审"]
    reader = a_user("reader", branch)

    with pytest.raises(CommandError, match="You may print this paper with masked numbers only."):
        call_command(*record, "--as", reader.username, "-o", target)
    call_command(*record, "-o", target)

    entry = Entry.objects.about(file).get(action=Action.PRINT)
    assert (entry.reason, ["numbers", "", "full"] in entry.changes) == ("预审", True)


def test_who_may_not_print_finds_no_papers(client, file):
    client.force_login(a_user("reader", a_branch()))

    assert client.get(f"/development/files/{file.pk}/papers/").status_code == 404
