"""The log: chains that cannot be changed, cut, or set back without being found out."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from registry.models import ChainHead, Entry, acting
from registry.models.chains import HEADS_FILE
from tests.factories import a_user

TOLD = "The log is not as it was written. Keep the database as it is, tell the auditor."


@pytest.fixture(autouse=True)
def keys_folder(settings, tmp_path, fresh_keys):
    """Keys of this test's own, beside which the heads are kept."""
    settings.KEYS_FOLDER = tmp_path
    from_register = settings.DATA_FOLDER / "keys" / "field_keys.json"
    (tmp_path / "field_keys.json").write_text(from_register.read_text())
    fresh_keys()
    return tmp_path


@pytest.fixture
def log(db):
    """Ten entries in each of two chains, with that of their openings."""
    user = a_user()
    with acting(user):
        for number in range(1, 11):
            for chain in ("org:A", "org:B"):
                changes = [["name", "旧", f"新 {number}"]]
                Entry.append("change", user, changes, chain=chain)
    assert verified() == "22 entries are as they were written.\n"


def verified(*arguments):
    out = StringIO()
    call_command("verify_log", *arguments, stdout=out)
    return out.getvalue()


def faults():
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("verify_log", stdout=out)
    assert str(refused.value) == TOLD
    return out.getvalue().splitlines()


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0, "the tampering did not happen"


def cut_tail(chain, after):
    sql("DELETE FROM registry_entry WHERE chain = %s AND position > %s", chain, after)


def head_of(chain):
    return ChainHead.objects.values().get(chain=chain)


def set_head_back(head):
    sql(
        "UPDATE registry_chainhead SET position = %s, digest = %s, seal = %s WHERE chain = %s",
        head["position"],
        head["digest"],
        head["seal"],
        head["chain"],
    )


# What is found


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reason", "another reason"),
        ("label", "another record"),
        ("action", "reveal"),
        ("object_id", 4711),
        ("user_id", None),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("changes", "[]"),
        ("digest", "0" * 64),
    ],
)
@pytest.mark.usefixtures("log")
def test_an_edited_entry_is_found_whatever_was_edited(column, value):
    where = "WHERE chain = 'org:A' AND position = 10"
    sql(f"UPDATE registry_entry SET {column} = %s {where}", value)  # noqa: S608 - our own names
    assert "Chain “org:A”: entry 10 is not as it was written." in faults()


@pytest.mark.usefixtures("log")
def test_an_edited_entry_is_named_once_and_those_behind_it_not():
    sql("UPDATE registry_entry SET reason = 'x' WHERE chain = 'org:A' AND position = 4")
    assert faults() == ["Chain “org:A”: entry 4 is not as it was written."]


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (4, 4, "Chain “org:A”: entry 4 was taken out."),
        (4, 6, "Chain “org:A”: entries 4 to 6 were taken out."),
        (1, 1, "Chain “org:A”: entry 1 was taken out."),
        (8, 10, "Chain “org:A”: it was cut off; it went on to entry 10."),
        (1, 10, "Chain “org:A”: it was cut off; it went on to entry 10."),
    ],
)
@pytest.mark.usefixtures("log")
def test_a_deletion_is_found_in_the_middle_and_at_the_end(first, last, sentence):
    between = "chain = 'org:A' AND position BETWEEN %s AND %s"
    sql(f"DELETE FROM registry_entry WHERE {between}", first, last)  # noqa: S608
    assert faults() == [sentence]


@pytest.mark.usefixtures("log")
def test_entries_that_were_closed_up_after_a_deletion_are_found():
    sql("DELETE FROM registry_entry WHERE chain = 'org:A' AND position = 9")
    sql("UPDATE registry_entry SET position = 9 WHERE chain = 'org:A' AND position = 10")
    assert faults() == [
        "Chain “org:A”: entry 9 is not as it was written.",
        "Chain “org:A”: it was cut off; it went on to entry 10.",
    ]


@pytest.mark.usefixtures("log")
def test_a_head_that_was_written_by_hand_is_found():
    cut_tail("org:A", after=8)
    digest = Entry.objects.get(chain="org:A", position=8).digest
    set_head_back(head_of("org:A") | {"position": 8, "digest": digest})
    assert faults() == ["Chain “org:A”: its head was changed."]


@pytest.mark.usefixtures("log")
def test_a_missing_head_is_found():
    sql("DELETE FROM registry_chainhead WHERE chain = 'org:A'")
    assert faults() == ["Chain “org:A”: it has entries but no head."]


@pytest.mark.usefixtures("log")
def test_an_older_head_before_a_full_chain_is_found():
    old = head_of("org:A")
    Entry.append("change", chain="org:A")
    set_head_back(old)
    assert faults() == ["Chain “org:A”: its head is not that of its last entry, 11."]


@pytest.mark.usefixtures("log")
def test_a_chain_removed_whole_is_found():
    sql("DELETE FROM registry_entry WHERE chain = 'org:A'")
    sql("DELETE FROM registry_chainhead WHERE chain = 'org:A'")
    assert faults() == ["Chain “org:A”: it was removed whole."]


@pytest.mark.usefixtures("log")
def test_chains_without_the_chain_that_opened_them_are_found(keys_folder):
    (keys_folder / HEADS_FILE).unlink()
    sql("DELETE FROM registry_entry WHERE chain = 'registry'")
    sql("DELETE FROM registry_chainhead WHERE chain = 'registry'")
    assert faults() == [
        "Chain “org:A”: it was never opened in the chain “registry”.",
        "Chain “org:B”: it was never opened in the chain “registry”.",
    ]


@pytest.mark.usefixtures("log")
def test_a_chain_set_back_together_with_its_head_is_found_by_the_heads_kept_outside(keys_folder):
    old = head_of("org:A")
    for _time in range(3):
        Entry.append("change", chain="org:A")
    day = json.loads((keys_folder / HEADS_FILE).read_text())["day"]
    assert verified() == "25 entries are as they were written.\n"
    day = json.loads((keys_folder / HEADS_FILE).read_text())["day"]
    cut_tail("org:A", after=10)
    set_head_back(old)
    assert faults() == [f"Chain “org:A”: it was set back to entry 10; on {day} it went on to 13."]
    Entry.append("print", chain="org:A")
    for _time in range(2):
        Entry.append("change", chain="org:A")
    assert faults() == [f"Chain “org:A”: entry 13 is another than the one that was there on {day}."]


@pytest.mark.usefixtures("log")
def test_without_kept_heads_a_chain_set_back_whole_is_not_found(keys_folder):
    """The honest limit: what the database then holds was true once."""
    old = head_of("org:A")
    Entry.append("change", chain="org:A")
    cut_tail("org:A", after=10)
    set_head_back(old)
    (keys_folder / HEADS_FILE).unlink()
    assert verified() == "22 entries are as they were written.\n"


@pytest.mark.usefixtures("log")
def test_kept_heads_that_were_changed_are_refused(keys_folder):
    file = keys_folder / HEADS_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text(file.read_text().replace('"org:A": [10', '"org:A": [9'))
    with pytest.raises(CommandError) as refused:
        verified()
    assert str(refused.value) == (
        f"{file} was changed. Nothing tells whether the log was set back since the last"
        " verification."
    )


@pytest.mark.usefixtures("log")
def test_after_a_restored_backup_the_heads_are_kept_anew():
    old = head_of("org:A")
    Entry.append("change", chain="org:A")
    verified()
    cut_tail("org:A", after=10)
    set_head_back(old)
    faults()
    assert verified("--after-restore") == "22 entries are as they were written.\n"
    assert verified() == "22 entries are as they were written.\n"


@pytest.mark.usefixtures("log")
def test_one_chain_is_verified_by_itself():
    sql("UPDATE registry_entry SET reason = 'x' WHERE chain = 'org:A' AND position = 4")
    assert verified("--chain", "org:B") == "10 entries are as they were written.\n"


@pytest.mark.usefixtures("log")
def test_programs_read_the_result_as_json():
    assert json.loads(verified("--json")) == {"entries": 22, "chains": 3, "faults": []}
    sql("UPDATE registry_entry SET reason = 'x' WHERE chain = 'org:A' AND position = 4")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_log", "--json", stdout=out)
    assert json.loads(out.getvalue())["faults"] == [
        {
            "chain": "org:A",
            "position": 4,
            "sentence": "Chain “org:A”: entry 4 is not as it was written.",
        }
    ]


@pytest.mark.django_db
def test_the_log_is_only_ever_added_to():
    Entry.append("print", chain="org:A")
    entry = Entry.objects.get(chain="org:A")
    for change in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(reason="x"),
    ):
        with pytest.raises(TypeError, match="only ever added to"):
            change()


# What is written is read back the same


texts = some.text(max_size=20)
values = some.none() | some.booleans() | some.integers(-(2**63), 2**63) | texts
odd = some.floats() | some.dates() | some.decimals() | some.tuples(texts, values)
changes = some.lists(
    some.lists(values | odd | some.dictionaries(texts, values, max_size=3), max_size=3), max_size=3
)


@pytest.mark.django_db(transaction=True)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=changes, label=texts, reason=texts)
def test_every_entry_still_fits_after_it_was_read_back(changes, label, reason):
    Entry.append("change", None, changes, chain="org:A", label=label, reason=reason)
    entry = Entry.objects.filter(chain="org:A").latest("position")
    before = Entry.objects.filter(chain="org:A", position=entry.position - 1).first()
    assert entry.digest == entry.digest_after(before.digest if before else "")


@pytest.mark.django_db
def test_what_json_does_not_know_is_kept_as_text():
    Entry.append("change", None, [("on", date(2026, 11, 20), Decimal("1.50")), ("x", 1e16, "a\0b")])
    assert Entry.objects.latest("id").changes == [
        ["on", "2026-11-20", "1.50"],
        ["x", "1e+16", "a\ufffdb"],
    ]


# Several at once


@pytest.mark.django_db(transaction=True)
def test_eight_writers_on_one_new_chain_leave_no_gap_and_no_fork():
    together = threading.Barrier(8)

    def write(number: int) -> None:
        together.wait()
        for _time in range(5):
            with transaction.atomic():
                Entry.append("change", chain="org:A", label=f"writer {number}")
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        for ended in [pool.submit(write, number) for number in range(8)]:
            ended.result()  # raises what the writer raised
    positions = Entry.objects.filter(chain="org:A").order_by("position")
    assert list(positions.values_list("position", flat=True)) == list(range(1, 41))
    assert verified() == "41 entries are as they were written.\n"


@pytest.mark.django_db(transaction=True)
def test_an_entry_of_a_transaction_that_was_taken_back_leaves_no_gap():
    Entry.append("change", chain="org:A")
    with transaction.atomic():
        Entry.append("change", chain="org:A")
        transaction.set_rollback(True)
    Entry.append("change", chain="org:A")
    assert verified("--chain", "org:A") == "2 entries are as they were written.\n"
