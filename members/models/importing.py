"""Many members at once: what ``admit`` and ``correct`` do for one, set by set, for uploads.

The rows have been judged by the same rules. Everything that takes time (sealing, pinyin, linking
the log) is done while rows are taken in, into waiting rooms; ``write`` only lets them enter, within
the caller's transaction, since all other clerks wait for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from members.models import own_values
from members.models.findings import Finding
from members.models.headcounts import Headcount
from members.models.members import NUMBER, Member, number_of
from members.models.offices import Office
from members.models.own_values import OWN
from members.models.people import id_digest, phone_digest
from members.models.placements import Placement
from members.rules import completeness, names
from members.rules.codes import FULL
from members.rules.offices import POSTS
from registry import encryption
from registry.calendar import PartialDate
from registry.fields import EncryptedTextField
from registry.loading import WaitingRoom, insert, update
from registry.models import Counter, StaleRecord
from registry.models.bulk_log import Line, LinkedEntries
from registry.models.log import Action

BATCH = 500
_TAKEN_IN = 2_000  # as many are held in memory
FIELDS = {each.name: each for each in Member._meta.concrete_fields}
# What the intake itself says of each new member, in this order.
_GIVEN = (
    "id", "version", "number", "organization", "name_initials", "name_pinyin", "id_digest",
    "phone_digest", "missing_count",
)  # fmt: skip
_NOBODY = Member()
_EMPTY = {name: getattr(_NOBODY, each.attname) for name, each in FIELDS.items()}
_SEALED = {
    name: each.purpose for name, each in FIELDS.items() if isinstance(each, EncryptedTextField)
}
_DEFAULTS = {"kind": _NOBODY.kind, "category": _NOBODY.category}  # what the rules ask for
_STOCK = {"placed_until": None, "began": "opening", "ended": ""}
_OFFICE = (
    "organization", "member", "name_from_elsewhere", "body", "post", "held_from", "held_until",
    "full_time",
)  # fmt: skip
_FINDING = ("member", "code", "field", "found_on", "accepted_reason")
_LABEL = "members.member"

Odd = Sequence[Sequence[str]]  # code and field of each finding that the rules have


@dataclass(frozen=True, slots=True)
class Posts:
    """Posts that somebody takes with his row."""

    posts: Sequence[str]
    held_from: date


class Intake:
    """Members to be entered or corrected on ``on``, logged in ``chain`` for ``reason``.

    ``said`` are the fields that new members may come with. Use it as a context: what waits is gone
    at its end, written or not.
    """

    def __init__(
        self, chain: str, reason: str, on: date, said: Collection[str] = frozenset()
    ) -> None:
        self.reason, self.on = reason, on
        self._seals = {name: encryption.sealer(purpose) for name, purpose in _SEALED.items()}
        self._numbers = iter(range(0))
        self._members: list[list[Any]] = []
        self._stays: list[tuple[Any, ...]] = []
        self._lines: list[Line] = []
        self._offices: list[tuple[Any, ...]] = []
        self._odd: list[tuple[Any, ...]] = []
        self._judged: dict[int, Odd] = {}
        # By the columns that change: the rows to update.
        self._updates: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
        # By branch: how many more full and probationary members.
        self._counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        self._entries = LinkedEntries(chain, reason)
        columns = [*_GIVEN, *sorted(said)]
        self._at = {name: place for place, name in enumerate(columns)}
        self._unsaid = [_EMPTY[name] for name in columns[len(_GIVEN) :]]
        same = {name: value for name, value in _EMPTY.items() if name not in self._at}
        self._rooms = (
            WaitingRoom(Member, columns, same),
            WaitingRoom(Placement, ("member", "organization", "placed_from"), _STOCK),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for room in (*self._rooms, self._entries):
            room.close()

    def expect(self, newcomers: int) -> None:
        """Take as many numbers as will be given out; those that are not used are a gap."""
        self._numbers = iter(Counter.take(NUMBER, newcomers) if newcomers else range(0))

    def admit(
        self,
        key: int,
        values: Mapping[str, Any],
        organization: int,
        since: str,
        odd: Odd,
        posts: Posts,
    ) -> None:
        """Enter a new member under ``key`` into his branch as part of its opening stock."""
        self._make_room()
        name = values["name"]
        initials, pinyin = names.search_keys(name)
        number = number_of(next(self._numbers))
        row = [
            key, 1, number, organization, initials, pinyin, id_digest(values.get("id_number", "")),
            phone_digest(values.get("phone", "")),
            len(completeness.missing({**_DEFAULTS, **values})), *self._unsaid,
        ]  # fmt: skip
        logged: list[list[Any]] = [["number", "", number], ["organization", "", organization]]
        for column, value in values.items():
            place, kind = self._at[column], type(value)
            if kind is PartialDate:
                row[place] = value.code
                logged.append([column, "", str(value)])
            elif column in _SEALED:
                row[place] = self._seals[column](value)
                logged.append(_logged(column, "", value))
            else:
                row[place] = value
                if value:
                    logged.append([column, "", value])
        self._members.append(row)
        self._stays.append((key, organization, since))
        for code, field_name in odd:
            self._odd.append((key, code, field_name, self.on.isoformat(), ""))
        self._take_office(key, organization, posts, logged)
        self._lines.append(Line(Action.ADD, _LABEL, key, name, logged))
        self._counts[organization][values.get("kind", _NOBODY.kind) != FULL] += 1

    def correct(
        self,
        key: int,
        version: int,
        name: str,
        organization: int,
        values: Mapping[str, Any],
        before: Mapping[str, Any],
        *,
        missing: int,
        odd: Odd | None,
        posts: Posts,
    ) -> None:
        """Change ``values`` of a known member whose version is still the one given."""
        self._make_room()
        said = dict(values)
        if "name" in said:
            said["name_initials"], said["name_pinyin"] = names.search_keys(said["name"])
        if "id_number" in said:
            said["id_digest"] = id_digest(said["id_number"] or "")
        if "phone" in said:
            said["phone_digest"] = phone_digest(said["phone"] or "")
        said["missing_count"] = missing
        kept = (self._kept(column, value) for column, value in said.items())
        self._updates[tuple(said)].append((*kept, key, version))
        if odd is not None:
            self._judged[key] = odd
        logged = [_logged(each, before[each], new) for each, new in values.items()]
        self._take_office(key, organization, posts, logged)
        self._lines.append(Line(Action.CHANGE, _LABEL, key, name, logged))
        if "kind" in values:
            sign = 1 if values["kind"] == FULL else -1
            self._counts[organization][0] += sign
            self._counts[organization][1] -= sign

    def _make_room(self) -> None:
        if len(self._lines) >= _TAKEN_IN:
            self.settle()

    def settle(self) -> None:
        """Let those taken in wait for ``write``; call it after the last one."""
        members, stays = self._rooms
        members.add(self._members)
        stays.add(self._stays)
        self._entries.add(self._lines)
        self._members, self._stays, self._lines = [], [], []

    def write(self) -> None:
        """Write everything; raise ``StaleRecord`` where a known member was saved meanwhile."""
        for room in self._rooms:
            room.enter()
        for columns, rows in self._updates.items():
            if update(Member, columns, rows, version="version") != len(rows):
                raise StaleRecord(self.reason)
        self._review()
        insert(Finding, _FINDING, self._odd)
        insert(Office, _OFFICE, self._offices)
        self._entries.enter()
        Headcount.add_all(self._counts)  # last and at once: everybody waits for its rows

    def _kept(self, name: str, value: Any) -> Any:
        if name in _SEALED:
            return self._seals[name](value or "")
        return value.code if type(value) is PartialDate else value

    def _take_office(self, key: int, organization: int, taken: Posts, logged: list[Any]) -> None:
        for post in taken.posts:
            self._offices.append(
                (organization, key, "", POSTS[post].body, post, taken.held_from.isoformat(), None,
                 post.startswith("full_time"))
            )  # fmt: skip
        if taken.posts:
            logged.append(
                ["party_post", "", "、".join(POSTS[each].chinese for each in taken.posts)]
            )

    def _review(self) -> None:
        """Open and close the findings of those whose dates have changed."""
        judged = self._judged
        known: dict[int, dict[str, int]] = defaultdict(dict)
        for chunk in chunks(list(judged)):
            found = Finding.objects.filter(member__in=chunk, mended_on__isnull=True)
            for pk, member, code in found.values_list("pk", "member_id", "code"):
                known[member][code] = pk
        mended = []
        for key, odd in judged.items():
            codes = {code for code, _field in odd}
            mended += [pk for code, pk in known[key].items() if code not in codes]
            for code, field_name in odd:
                if code not in known[key]:
                    self._odd.append((key, code, field_name, self.on.isoformat(), ""))
        for chunk in chunks(mended):
            Finding.objects.filter(pk__in=chunk).update(mended_on=self.on)


def _logged(name: str, old: Any, new: Any) -> list[Any]:
    """Return a change as the log keeps it: protected values as masks, days as text."""
    if name == OWN:
        return [name, *own_values.logged(old or "", new)]
    return [name, _as_logged(name, old), _as_logged(name, new)]


def _as_logged(name: str, value: Any) -> Any:
    if value in (None, ""):
        return ""
    if name in Member.masks:
        return Member.masks[name](value)
    return value if isinstance(value, (bool, int)) else str(value)


def chunks(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
