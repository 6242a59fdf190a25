"""Encrypted columns: what the database holds, who can open it, and how it is found again."""

from __future__ import annotations

import base64

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as some

from members.models import Member
from members.models.people import id_digest
from registry import encryption, keys
from registry.models import ImportJob
from tests.factories import TODAY, a_branch, a_member


@given(some.text(), some.text(max_size=20))
def test_text_is_opened_as_it_was_sealed(value, purpose):
    assert encryption.opened(encryption.sealed(value, purpose), purpose) == value


@given(some.binary())
def test_bytes_are_opened_as_they_were_sealed(value):
    assert encryption.opened_bytes(encryption.sealed_bytes(value, "file"), "file") == value


def test_a_sealed_text_names_its_key_and_hides_its_content():
    sealed = encryption.sealed("13800138000", "phone")
    key_id, _, box = sealed.partition(":")
    assert key_id == "k1"
    assert b"138" not in base64.b64decode(box)


def test_the_same_text_is_sealed_differently_each_time():
    assert encryption.sealed("13800138000", "phone") != encryption.sealed("13800138000", "phone")


@pytest.mark.parametrize(
    ("spoil", "purpose"),
    [
        pytest.param(lambda sealed: sealed, "address", id="moved into another column"),
        pytest.param(lambda sealed: sealed[:-4] + "AAA=", "phone", id="changed"),
        pytest.param(lambda sealed: sealed[:-8], "phone", id="cut off"),
        pytest.param(lambda sealed: "k9" + sealed[2:], "phone", id="of a key that is not here"),
        pytest.param(lambda sealed: "13800138000", "phone", id="never sealed"),
        pytest.param(lambda sealed: "k1:", "phone", id="empty box"),
        pytest.param(lambda sealed: "k1:%%%", "phone", id="not base64"),
    ],
)
def test_what_was_not_sealed_for_this_column_cannot_be_opened(spoil, purpose):
    sealed = spoil(encryption.sealed("13800138000", "phone"))
    with pytest.raises(encryption.WrongKey):
        encryption.opened(sealed, purpose)


def test_the_key_of_another_register_opens_nothing(settings, tmp_path, fresh_keys):
    sealed, digest = encryption.sealed("x", "phone"), encryption.digest_of("phone", "x")
    settings.KEYS_FOLDER = tmp_path
    keys.make_field_keys(tmp_path)
    fresh_keys()
    with pytest.raises(encryption.WrongKey):
        encryption.opened(sealed, "phone")
    assert encryption.digest_of("phone", "x") != digest


# Digests


def test_equal_values_have_equal_digests_and_only_for_the_same_purpose():
    digest = encryption.digest_of("phone", "13800138000")
    assert digest == encryption.digest_of("phone", "13800138000")
    assert digest != encryption.digest_of("phone", "13800138001")
    assert digest != encryption.digest_of("id number", "13800138000")
    assert len(digest) == 32
    assert encryption.digest_of("phone", "") == ""


def test_a_purpose_and_a_value_cannot_be_shifted_into_each_other():
    assert encryption.digest_of("log", "x") != encryption.log_digest(b"x")[:32]


# Columns


@pytest.fixture
def member(db):
    return a_member(a_branch(), phone="13800138000", address="")


def raw(column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM members_member")  # noqa: S608
        [(value,)] = cursor.fetchall()
    return value


def test_the_database_holds_protected_values_only_encrypted(member):
    assert raw("phone").startswith("k1:")
    assert raw("id_number").startswith("k1:")
    assert raw("address") == "", "empty stays empty"
    assert Member.objects.get().phone == "13800138000"


def test_a_value_moved_into_another_column_by_hand_is_not_read_there(member):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_member SET phone = id_number")
    with pytest.raises(encryption.WrongKey):
        Member.objects.get()


def test_a_protected_value_is_found_by_its_digest(member):
    assert Member.objects.get(id_digest=id_digest(member.id_number)) == member


@pytest.mark.parametrize("lookup", ["contains", "startswith", "gt", "in", "regex", "iexact"])
def test_a_question_about_the_inside_of_an_encrypted_column_is_refused(member, lookup):
    with pytest.raises(FieldError, match="is encrypted: ask its digest column"):
        Member.objects.filter(**{f"phone__{lookup}": "138"}).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 10, b"PK\x03\x04 workbook"])
def test_a_file_is_kept_encrypted_and_comes_back_whole(content):
    job = ImportJob.objects.create(
        kind="members", file_name="x.xlsx", opening_on=TODAY, file=content
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT file FROM registry_importjob")
        [(kept,)] = cursor.fetchall()
    assert bytes(kept) == b"" if not content else bytes(kept).startswith(b"k1:")
    job.refresh_from_db()
    assert bytes(job.file) == content
