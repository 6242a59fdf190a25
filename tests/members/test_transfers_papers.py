"""The papers of transfers: the letter in its three parts, and the register of a period."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from branches.models import Organization
from members.models import TransferPolicy
from members.papers.transfers.letters import letters_of, print_letters, texts_of
from registry.calendar import PartialDate
from registry.models import Entry
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user
from tests.members.papers import asked, column, headings, made, rows
from tests.members.transfers import SENT, a_letter, a_newcomer, a_transfer, somebody_came

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    committee = a_committee(
        name="中共云溪市财政局机关委员会",
        approves_members=True,
        phone="0571-87050001",
        address="云溪市府前路1号",
    )
    TransferPolicy.objects.create(
        organization=committee, valid_from=date(2026, 1, 1), fax="0571-87050002", postcode="310025"
    )
    return committee


@pytest.fixture
def branch(committee):
    return a_branch(committee, name="中共云溪市财政局机关第一支部委员会")


@pytest.fixture
def letter(branch):
    return a_letter(a_member(branch, name="欧阳明远", phone="13900001234"))


def printed_text(letter, **options) -> str:
    program = shutil.which("pdftotext") or pytest.skip("poppler-utils is missing.")
    pdf = print_letters([letter], replace(asked(), **options)).data
    found = subprocess.run([program, "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(found.stdout.decode().split())


def test_a_letter_says_what_the_form_asks_for_in_capitals(letter):
    member = letter.member
    texts = texts_of(letter, in_full=True)
    assert (texts.year, texts.number, texts.addressee) == ("2026", "1", "中共某省委组织部")
    assert (texts.name, texts.sex, texts.age, texts.ethnicity) == ("欧阳明远", "男", "46", "汉")
    assert (texts.kind, texts.id_number, texts.phone) == ("正式", member.id_number, "13900001234")
    assert texts.origin == "中共云溪市财政局机关第一支部委员会"
    assert texts.destination == "中共某省某厅机关委员会"
    assert (texts.paid_year, texts.paid_month, texts.validity) == ("贰零贰陆", "壹拾壹", "叁拾")
    assert (texts.seal, texts.day) == ("中共云溪市财政局机关委员会", "2026年11月2日")
    assert (texts.address, texts.office_phone) == ("云溪市府前路1号", "0571-87050001")
    assert (texts.fax, texts.postcode) == ("0571-87050002", "310025")


def test_the_numbers_stand_on_it_only_in_full_and_for_a_reason_in_the_log(letter):
    number = letter.member.id_number
    text = printed_text(letter)
    assert number not in text
    assert "13900001234" not in text
    text = printed_text(letter, in_full=True, reason="开具介绍信")
    assert text.count(number) == 2, "on the stub and on the letter, not on the receipt"
    for words in ("介绍信存根", "介绍信回执联", "骑缝章", "请转接组织关系", "含完整身份证号码"):
        assert words in text
    logged = Entry.objects.filter(model="members.transfer", action="print").order_by("pk")
    assert [{each[0]: each[2] for each in entry.changes}["numbers"] for entry in logged] == [
        "masked", "full",
    ]  # fmt: skip
    assert logged.last().reason == "开具介绍信"


def test_a_letter_stays_as_it_was_issued(committee, branch):
    member = a_member(
        branch,
        kind="probationary",
        joined_on=PartialDate(2026, 3, 1),
        full_member_on=None,
        since=date(2026, 3, 1),
    )
    letter = a_letter(member)
    before = texts_of(letter, in_full=False)
    assert before.kind == "预备"
    member = type(member).objects.get(pk=member.pk)
    member.kind, member.full_member_on = "full", PartialDate(2027, 3, 1)
    member.correct(date(2027, 3, 2))
    Organization.objects.get(pk=committee.pk).rename("中共云溪市财政局机关委员会（新）", on=TODAY)
    letter = type(letter).objects.get(pk=letter.pk)
    assert texts_of(letter, in_full=False) == before


def test_what_was_not_issued_is_no_letter(branch):
    with pytest.raises(ValidationError, match="No letter of 张三 was issued yet"):
        letters_of([a_transfer(a_member(branch))], asked())


def test_the_register_has_the_columns_that_offices_keep(committee, branch, letter):
    letter.enter_receipt(date(2026, 11, 12), TODAY, accepted_on=date(2026, 11, 9))
    a_transfer(a_member(branch, name="李四"), to_organization=a_branch(committee))
    a_transfer(a_member(branch, name="王五"), on=date(2025, 12, 31), paid_to=date(2025, 12, 1))
    somebody_came(committee, a_newcomer(name="田野"))
    paper = made("transfers", committee, TODAY)
    assert list(headings(paper)) == ["转出", "转入"]
    assert paper.count_line == "2026.01.01—2026.11.20　转出2人，转入1人"
    first, second, third = rows(paper)
    assert first | {"phone": ""} == {
        "number": "1", "staff_number": "", "name": "欧阳明远", "kind": "正式", "phone": "",
        "addressee": "中共某省委组织部", "to": "中共某省某厅机关委员会", "from": str(branch),
        "office_address": "云溪市府前路1号", "office_phone": "0571-87050001",
        "fax": "0571-87050002", "postcode": "310025",
        "paid_to": "2026.11", "validity": "30", "begun_on": "2026.11.02",
        "receipt": "有", "note": "〔2026〕1号",
    }  # fmt: skip
    assert first["phone"] == "139****1234"
    assert (second["name"], second["receipt"], second["note"]) == ("李四", "", "内部转接")
    assert (third["name"], third["from"], third["note"]) == (
        "田野", "中共某县委组织部", "〔2026〕第31号",
    )  # fmt: skip
    early = made(
        "transfers", committee, TODAY, more={"first": date(2025, 1, 1), "direction": "out"}
    )
    assert column(early, "name") == ["王五", "欧阳明远", "李四"]
    with pytest.raises(ValidationError, match="ends on 2026-11-20, before it begins"):
        made("transfers", committee, TODAY, more={"first": date(2026, 12, 1), "direction": ""})


def test_the_register_of_the_taking_side_names_nobody_before_he_is_accepted(branch):
    new = a_branch()
    a_transfer(a_member(branch, name="欧阳明远"), on=SENT, to_organization=new)
    reader = a_user("branch_clerk", new)
    assert column(made("transfers", new, TODAY, reader), "name") == ["欧***"]
