"""Rotation of the field keys: interrupted, beside clerks at work, and back to one key."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from registry import encryption, keys
from registry.models import ImportJob, KeyCheck, Preference
from registry.rotation import SealedColumn, sealed_columns
from tests.factories import TODAY, a_branch, a_member, a_user


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path, fresh_keys):
    """A key file of this test's own; the register's keys stay as they are."""
    settings.KEYS_FOLDER = tmp_path
    keys.make_field_keys(tmp_path)
    fresh_keys()
    return tmp_path / keys.FIELD_KEYS_FILE


@pytest.fixture
def people(db):
    branch = a_branch()
    return [a_member(branch, phone=f"1380013800{digit}", address="") for digit in range(5)]


def rotate(*arguments):
    out, progress = StringIO(), StringIO()
    call_command("rotate_keys", *arguments, stdout=out, stderr=progress)
    return out.getvalue().splitlines(), progress.getvalue().splitlines()


def kept(column="phone"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM members_member ORDER BY id")  # noqa: S608
        return [value for (value,) in cursor.fetchall()]


def key_ids(column="phone"):
    return {value.partition(":")[0] for value in kept(column)}


def test_a_new_key_seals_everything_anew_and_readers_notice_nothing(people, own_keys):
    job = ImportJob.objects.create(
        kind="members", file_name="x.xlsx", opening_on=TODAY, file=b"\x00\xff workbook"
    )
    ImportJob.objects.create(kind="members", file_name="empty.xlsx", opening_on=TODAY, file=b"")
    digests = {(member.id_digest, member.phone_digest) for member in people}
    said, progress = rotate("--add")
    assert said == [
        f"“k2” is the active key now. Copy {own_keys} to the backup of the keys.",
        "Every protected value is sealed with “k2”.",
    ]
    assert "members.Member.phone: 5 / 5" in progress
    assert key_ids() == key_ids("id_number") == {"k2"}
    assert kept("address") == [""] * 5, "empty stays empty"
    for member in people:
        phone, id_number = member.phone, member.id_number
        member.refresh_from_db()
        assert (member.phone, member.id_number) == (phone, id_number)
    assert {(member.id_digest, member.phone_digest) for member in people} == digests
    job.refresh_from_db()
    assert bytes(job.file) == b"\x00\xff workbook"


def test_the_key_file_stays_closed_to_others_and_holds_both_keys(people, own_keys):
    before = keys.read_field_keys(own_keys)
    rotate("--add")
    after = keys.read_field_keys(own_keys)
    assert own_keys.stat().st_mode & 0o777 == 0o600
    assert (after.active, list(after.keys)) == ("k2", ["k1", "k2"])
    assert (after.keys["k1"], after.digest) == (before.keys["k1"], before.digest)
    assert [file.name for file in own_keys.parent.iterdir()] == [own_keys.name], "no draft is left"


class Interrupted(Exception):
    pass


def test_an_interrupted_rotation_goes_on_where_it_stopped(people, monkeypatch):
    seal = SealedColumn._anew
    sealed = []

    def sealed_until_the_third(column, value):
        if len(sealed) == 3:
            raise Interrupted
        sealed.append(value)
        return seal(column, value)

    monkeypatch.setattr(SealedColumn, "_anew", sealed_until_the_third)
    with pytest.raises(Interrupted):
        rotate("--add", "--batch", "1")
    monkeypatch.setattr(SealedColumn, "_anew", seal)
    everything = sum(column.count("k1") for column in sealed_columns())
    assert sum(column.count("k2") for column in sealed_columns()) == 3

    said, progress = rotate("--batch", "2")
    assert said == ["Every protected value is sealed with “k2”."]
    counted = sum(int(line.rpartition("/ ")[2]) for line in last_lines(progress))
    assert counted == everything, "what was done is not done again"
    assert key_ids() == {"k2"}


def last_lines(progress):
    """The last line of each column."""
    return {line.partition(":")[0]: line for line in progress}.values()


def test_a_rotation_that_is_complete_has_nothing_to_do(people):
    rotate("--add")
    before = kept()
    assert rotate() == (["Every protected value is sealed with “k2”."], [])
    assert kept() == before


def test_a_value_saved_meanwhile_is_not_overwritten(people, monkeypatch):
    seal, member = SealedColumn._anew, people[0]
    keys.save_field_keys(keys.with_new_key(keys.load_field_keys()))

    def saved_meanwhile(column, value):
        if column.name == "members.Member.phone" and member.phone != "13911112222":
            member.phone = "13911112222"
            member.save()
        return seal(column, value)

    monkeypatch.setattr(SealedColumn, "_anew", saved_meanwhile)
    rotate()
    member.refresh_from_db()
    assert member.phone == "13911112222"


def test_another_process_notices_the_new_key_at_once(people, own_keys):
    """Its keys were read before the rotation; a value that it cannot open tells it to look."""
    old = keys.load_field_keys()
    rotate("--add")
    keys._loaded["keys"] = keys._Loaded(old, (0, 0), keys.time.monotonic())
    encryption._cipher.cache_clear()
    people[0].refresh_from_db()
    assert people[0].phone == "13800138000"
    assert encryption.active_key() == "k2"


def test_keys_are_read_again_a_second_after_the_file_changed(own_keys, monkeypatch):
    now = keys.time.monotonic()
    assert encryption.active_key() == "k1"
    text = keys.text_of(keys.with_new_key(keys.load_field_keys()))
    keys.write_draft(own_keys, text).replace(own_keys)
    assert encryption.active_key() == "k1", "the file is not looked at for each value"
    monkeypatch.setattr(keys.time, "monotonic", lambda: now + 2)
    assert encryption.active_key() == "k2"


def test_a_key_is_forgotten_only_when_nothing_needs_it(people, own_keys):
    with pytest.raises(CommandError, match=r"^“k1” is the active key\. Add a new one first: "):
        rotate("--forget", "k1")
    rotate("--add")
    Preference.objects.create(user=a_user(), key="x", value=1)
    [said] = rotate("--forget", "k1")[0]
    assert said == (
        "“k1” is forgotten. Keep it in the backup of the keys as long as backups of the database"
        " are kept that need it."
    )
    assert list(keys.read_field_keys(own_keys).keys) == ["k2"]
    people[0].refresh_from_db()
    assert people[0].phone == "13800138000"
    assert KeyCheck.fits(), "the next start is not refused"
    with pytest.raises(CommandError, match=r"^There is no key “k1” in the key file\.$"):
        rotate("--forget", "k1")


def test_a_key_in_use_is_not_forgotten(people, own_keys):
    keys.save_field_keys(keys.with_new_key(keys.load_field_keys()))
    KeyCheck.fits()
    used = sum(column.count("k1") for column in sealed_columns())
    assert used >= 10
    with pytest.raises(CommandError) as refused:
        rotate("--forget", "k1")
    assert str(refused.value) == f"{used} values are sealed with “k1”. Run rotate_keys first."
    assert "k1" in keys.read_field_keys(own_keys).keys


def test_a_third_key_follows_the_second(people, own_keys):
    rotate("--add")
    rotate("--add")
    assert key_ids() == {"k3"}
    assert keys.read_field_keys(own_keys).active == "k3"
    assert set(KeyCheck.objects.values_list("key_id", flat=True)) >= {"k2", "k3"}


def test_values_of_a_lost_key_are_named_and_the_others_rotated(people):
    lost = people[2]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_member SET phone = 'k0:AAAA' WHERE id = %s", [lost.pk])
    out, progress = StringIO(), StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("rotate_keys", "--add", stdout=out, stderr=progress)
    assert str(refused.value) == (
        "1 values cannot be opened with the keys at hand. Bring their key back from the backup of"
        " the keys, and run this again."
    )
    assert f"members.Member.phone of row {lost.pk} cannot be opened." in progress.getvalue()
    assert key_ids() == {"k0", "k2"}


@pytest.mark.django_db
def test_every_encrypted_column_is_rotated():
    names = {column.name for column in sealed_columns()}
    assert names >= {
        "members.Member.id_number",
        "members.Member.phone",
        "members.Member.address",
        "registry.ImportJob.file",
        "registry.JobRow.values_sealed",
        "registry.SecondFactor.secret",
        "registry.KeptForm.data",
    }
    assert "registry.KeyCheck.sample" not in names
