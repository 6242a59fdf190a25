"""Many members at once: what ``admit`` and ``correct`` do for one, set by set, for uploads.

The rows have been judged by the same rules. Everything that takes time (sealing, pinyin, linking
the log) is done by ``prepare``; ``write`` only inserts and updates, within the caller's
transaction, since all other clerks wait for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from members.models.findings import Finding
from members.models.headcounts import Headcount
from members.models.members import NUMBER, Member, number_of
from members.models.offices import Office
from members.models.people import id_digest, phone_digest
from members.models.placements import Placement
from members.rules import completeness, names
from members.rules.codes import FULL
from members.rules.offices import POSTS
from registry import encryption
from registry.calendar import PartialDate
from registry.fields import EncryptedTextField
from registry.loading import insert, update
from registry.models import Counter, StaleRecord
from registry.models.bulk_log import Line, LinkedEntries
from registry.models.log import Action

BATCH = 500
FIELDS = {each.name: each for each in Member._meta.concrete_fields}
_COLUMNS = tuple(FIELDS)
_EMPTY = {
    name: getattr(Member(), each.attname) for name, each in FIELDS.items() if name != "organization"
}
_PLACEMENT = ("member", "organization", "placed_from", "placed_until", "began", "ended")
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


@dataclass(frozen=True, slots=True)
class _Change:
    key: int
    version: int
    name: str
    organization: int
    values: Mapping[str, Any]
    before: Mapping[str, Any]
    missing: int
    odd: Odd | None
    posts: Posts


@dataclass
class Intake:
    """Members to be entered or corrected on ``on``, logged in ``chain`` for ``reason``."""

    chain: str
    reason: str
    on: date
    _members: list[tuple[Any, ...]] = field(default_factory=list)
    _stays: list[tuple[Any, ...]] = field(default_factory=list)
    _offices: list[tuple[Any, ...]] = field(default_factory=list)
    _odd: list[tuple[Any, ...]] = field(default_factory=list)
    _lines: list[Line] = field(default_factory=list)
    _changes: list[_Change] = field(default_factory=list)
    # By branch: how many more full and probationary members.
    _counts: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def __post_init__(self) -> None:
        self._seals = {
            name: encryption.sealer(each.purpose)
            for name, each in FIELDS.items()
            if isinstance(each, EncryptedTextField)
        }
        self._numbers = iter(range(0))

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
        said = _EMPTY | dict(values)
        name = said["name"]
        said["id"], said["version"] = key, 1
        said["number"] = number_of(next(self._numbers))
        said["organization"] = organization
        initials, pinyin = names.search_keys(name)
        said["name_initials"], said["name_pinyin"] = initials, pinyin
        said["id_digest"] = id_digest(said["id_number"])
        said["phone_digest"] = phone_digest(said["phone"])
        said["missing_count"] = len(completeness.missing(said))
        self._members.append(tuple(self._kept(column, said[column]) for column in _COLUMNS))
        self._stays.append((key, organization, since, None, "opening", ""))
        for code, field_name in odd:
            self._odd.append((key, code, field_name, self.on.isoformat(), ""))
        logged = [["number", "", said["number"]]]
        logged += [[each, "", _logged(each, value)] for each, value in values.items() if value]
        logged += [["organization", "", organization]]
        self._take_office(key, organization, posts, logged)
        self._lines.append(Line(Action.ADD, _LABEL, key, name, logged))
        self._counts[organization][said["kind"] != FULL] += 1

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
        counted: bool = True,
    ) -> None:
        """Change ``values`` of a known member whose version is still the one given."""
        self._changes.append(
            _Change(key, version, name, organization, values, before, missing, odd, posts)
        )
        logged = [
            [each, _logged(each, before[each]), _logged(each, new)] for each, new in values.items()
        ]
        self._take_office(key, organization, posts, logged)
        self._lines.append(Line(Action.CHANGE, _LABEL, key, name, logged))
        if counted and "kind" in values:
            sign = 1 if values["kind"] == FULL else -1
            self._counts[organization][0] += sign
            self._counts[organization][1] -= sign

    def prepare(self) -> None:
        """Link the log; call it when everybody is entered."""
        self._entries = LinkedEntries.of(self.chain, self._lines, self.reason)
        self._updates = self._updated()

    def write(self) -> None:
        """Write everything; raise ``StaleRecord`` where a known member was saved meanwhile."""
        insert(Member, _COLUMNS, self._members)
        insert(Placement, _PLACEMENT, self._stays)
        for columns, rows in self._updates.items():
            if update(Member, columns, rows, version="version") != len(rows):
                raise StaleRecord(self.reason)
        self._review()
        insert(Finding, _FINDING, self._odd)
        insert(Office, _OFFICE, self._offices)
        self._entries.write()
        Headcount.add_all(self._counts)  # last and at once: everybody waits for its rows

    def _kept(self, name: str, value: Any) -> Any:
        if value is None:
            return None
        if name in self._seals:
            return self._seals[name](value)
        return value.code if isinstance(value, PartialDate) else value

    def _updated(self) -> dict[tuple[str, ...], list[tuple[Any, ...]]]:
        """Return the rows to update, by the columns that change in them."""
        updates: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
        for each in self._changes:
            said = dict(each.values)
            if "name" in said:
                said["name_initials"], said["name_pinyin"] = names.search_keys(said["name"])
            if "id_number" in said:
                said["id_digest"] = id_digest(said["id_number"] or "")
            if "phone" in said:
                said["phone_digest"] = phone_digest(said["phone"] or "")
            said["missing_count"] = each.missing
            columns = tuple(said)
            kept = tuple(self._kept(name, value) for name, value in said.items())
            updates[columns].append((*kept, each.key, each.version))
        return updates

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
        judged = {each.key: each.odd for each in self._changes if each.odd is not None}
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


def _logged(name: str, value: Any) -> Any:
    """Return a value as the log shows it: protected ones as masks, days as text."""
    if value in (None, ""):
        return ""
    if name in Member.masks:
        return Member.masks[name](value)
    return value if isinstance(value, (bool, int)) else str(value)


def chunks(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
