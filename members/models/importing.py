"""Many members at once: what ``admit`` and ``correct`` do for one, set by set, for uploads.

The rows have been judged by the same rules. Everything that takes time (sealing, pinyin, linking
the log) is done while rows are taken in, into waiting rooms; ``write`` only lets them enter, within
the caller's transaction, since all other clerks wait for it. To take in asks the database nothing,
so another process can do it and hand over what it has taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Taken:
    """What was taken in and is not written yet."""

    members: list[list[Any]] = field(default_factory=list)
    stays: list[tuple[Any, ...]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    posts: list[tuple[int, int, str]] = field(default_factory=list)  # branch, member, post
    odd: list[tuple[Any, ...]] = field(default_factory=list)
    judged: dict[int, Odd] = field(default_factory=dict)
    # By the columns that change: the rows to update.
    updates: dict[tuple[str, ...], list[tuple[Any, ...]]] = field(default_factory=dict)
    # By branch of each: how many more full and probationary members.
    counts: dict[int, list[int]] = field(default_factory=dict)

    def count(self, organization: int, *, full: int = 0, probationary: int = 0) -> None:
        counted = self.counts.setdefault(organization, [0, 0])
        counted[0] += full
        counted[1] += probationary

    def add(self, more: Self) -> None:
        """Add what else is to be written; members, stays and lines wait elsewhere."""
        self.posts += more.posts
        self.odd += more.odd
        self.judged |= more.judged
        for columns, rows in more.updates.items():
            self.updates.setdefault(columns, []).extend(rows)
        for organization, (full, probationary) in more.counts.items():
            self.count(organization, full=full, probationary=probationary)


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
        self.taken, self.waiting = Taken(), Taken()
        self.held_from: dict[int, date] = {}  # by branch: the first day of posts taken there
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

    @staticmethod
    def numbers(newcomers: int) -> Iterator[int]:
        """Take as many numbers as will be given out; those that are not used are a gap."""
        return iter(Counter.take(NUMBER, newcomers) if newcomers else range(0))

    def admit(
        self,
        key: int,
        given: int,
        values: Mapping[str, Any],
        organization: int,
        since: str,
        odd: Odd,
        posts: Sequence[str],
    ) -> None:
        """Enter a new member under ``key`` and the number ``given`` to him into his branch as part
        of its opening stock."""
        taken, name = self.taken, values["name"]
        initials, pinyin = names.search_keys(name)
        number = number_of(given)
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
        taken.members.append(row)
        taken.stays.append((key, organization, since))
        for code, field_name in odd:
            taken.odd.append((key, code, field_name, self.on.isoformat(), ""))
        self._take_office(key, organization, posts, logged)
        taken.lines.append(Line(Action.ADD, _LABEL, key, name, logged))
        full = values.get("kind", _NOBODY.kind) == FULL
        taken.count(organization, full=full, probationary=not full)

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
        posts: Sequence[str],
    ) -> None:
        """Change ``values`` of a known member whose version is still the one given."""
        said, taken = dict(values), self.taken
        if "name" in said:
            said["name_initials"], said["name_pinyin"] = names.search_keys(said["name"])
        if "id_number" in said:
            said["id_digest"] = id_digest(said["id_number"] or "")
        if "phone" in said:
            said["phone_digest"] = phone_digest(said["phone"] or "")
        said["missing_count"] = missing
        kept = (self._kept(column, value) for column, value in said.items())
        taken.updates.setdefault(tuple(said), []).append((*kept, key, version))
        if odd is not None:
            taken.judged[key] = odd
        logged = [_logged(each, before[each], new) for each, new in values.items()]
        self._take_office(key, organization, posts, logged)
        taken.lines.append(Line(Action.CHANGE, _LABEL, key, name, logged))
        taken.count(organization)
        if "kind" in values:
            sign = 1 if values["kind"] == FULL else -1
            taken.count(organization, full=sign, probationary=-sign)

    def hand_over(self) -> Taken:
        """Return what was taken in since the last time."""
        taken, self.taken = self.taken, Taken()
        return taken

    def receive(self, taken: Taken) -> None:
        """Let what was taken in, here or in another process, wait for ``write``."""
        members, stays = self._rooms
        members.add(taken.members)
        stays.add(taken.stays)
        self._entries.add(taken.lines)
        self.waiting.add(taken)

    def write(self) -> None:
        """Write everything; raise ``StaleRecord`` where a known member was saved meanwhile."""
        for room in self._rooms:
            room.enter()
        waiting = self.waiting
        for columns, rows in waiting.updates.items():
            if update(Member, columns, rows, version="version") != len(rows):
                raise StaleRecord(self.reason)
        self._review()
        insert(Finding, _FINDING, waiting.odd)
        insert(Office, _OFFICE, map(self._office, waiting.posts))
        self._entries.enter()
        more = {place: counted for place, counted in waiting.counts.items() if any(counted)}
        Headcount.add_all(more)  # last and at once: everybody waits for its rows

    def _kept(self, name: str, value: Any) -> Any:
        if name in _SEALED:
            return self._seals[name](value or "")
        return value.code if type(value) is PartialDate else value

    def _take_office(
        self, key: int, organization: int, posts: Sequence[str], logged: list[Any]
    ) -> None:
        self.taken.posts += [(organization, key, post) for post in posts]
        if posts:
            logged.append(["party_post", "", "、".join(POSTS[each].chinese for each in posts)])

    def _office(self, taken: tuple[int, int, str]) -> tuple[Any, ...]:
        organization, key, post = taken
        held_from = self.held_from[organization].isoformat()
        body, full_time = POSTS[post].body, post.startswith("full_time")
        return organization, key, "", body, post, held_from, None, full_time

    def _review(self) -> None:
        """Open and close the findings of those whose dates have changed."""
        judged = self.waiting.judged
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
                    self.waiting.odd.append((key, code, field_name, self.on.isoformat(), ""))
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
