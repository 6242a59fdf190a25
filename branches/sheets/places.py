"""Which branch a sheet means: by code, full name, short name, or committee and branch together.

Only organisations within the clerk's rows are known here at all, so that a branch of somebody else
and one that never was get the same answer.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Q

from branches.models import Organization, OrganizationPeriod, in_scopes, scopes
from branches.rules import hierarchy, tree
from registry.sentences import Sentence
from registry.sheets import codes
from registry.sheets.cells import QUESTION, quoted

_PARTED = re.compile(r"\s*[/\\>＞→|]+\s*|\s+[-—–]+\s+")
_TOLD = 3  # nearest names, or branches of the same name
_COMPARED = 300  # names that difflib looks at; it is slow


@dataclass(frozen=True, slots=True)
class Place:
    """What a sheet needs to know of one organisation."""

    pk: int
    path: str
    code: str
    name: str
    short_name: str
    kind: str
    sort: str
    founded_on: date | None

    @property
    def label(self) -> str:
        return self.short_name or self.name

    @property
    def holds_members(self) -> bool:
        return hierarchy.holds_members(self.kind, self.sort)


@cache
def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@cache
def loose(text: str) -> str:
    """Return a name without what people leave out: 中共, 委员会, the 党 of 党支部."""
    text = re.sub(r"^(?:中国共产党|中共)", "", squeezed(text))
    text = re.sub(r"(?:党?总支部?)(?:委员会)?$", "总支", text)
    text = re.sub(r"(?<!总)(?:党?支部)(?:委员会)?$", "支部", text)
    return re.sub(r"(?:党的|党)?委员会$", "党委", text)


class Places:
    """The organisations among which an upload's branches are looked for, read at once."""

    def __init__(self, user: Any, verb: str, top_path: str = "") -> None:
        ranges = scopes(user, verb)
        mine = in_scopes(ranges)
        if top_path:
            mine &= Q(path__gte=top_path, path__lt=tree.end_of(top_path))
        columns = ("pk", "path", "code", "name", "short_name", "kind", "sort", "founded_on")
        rows = Organization.objects.standing()
        self.all = [Place(*row) for row in rows.filter(mine).values_list(*columns)]
        self.by_pk = {place.pk: place for place in self.all}
        self.by_code = self._former() | {place.code: place for place in self.all}
        self.branches = [place for place in self.all if place.holds_members]
        # Superiors outside the clerk's rows may be named before a branch, and are no secret.
        above = {path for low, _ in ranges for path in tree.ancestors_of(low)}
        self.above = [Place(*row) for row in rows.filter(path__in=above).values_list(*columns)]
        self._named: dict[str, list[Place]] = defaultdict(list)
        for place in self.branches:
            for name in {squeezed(place.name), squeezed(place.short_name), loose(place.name)} | {
                loose(place.short_name)
            }:
                if name:
                    self._named[name].append(place)
        self._found: dict[tuple[str, str], list[Place]] = {}

    def _former(self) -> dict[str, Place]:
        """Return places by the codes that they had and that nobody has now."""
        former = OrganizationPeriod.objects.former_codes().order_by("valid_from", "pk")
        rows = former.values_list("code", "organization")
        return {code: self.by_pk[key] for code, key in rows if code and key in self.by_pk}

    def at(self, path: str) -> Place | None:
        return next((place for place in self.all if place.path == path), None)

    def find(self, text: str, committee: str = "") -> list[Place]:
        """Return the branches that ``text`` can mean; ``committee`` narrows several down."""
        key = (text, committee)
        if key not in self._found:
            self._found[key] = self._find(text, committee)
        return self._found[key]

    def _find(self, text: str, committee: str) -> list[Place]:
        plain = squeezed(text)
        if (place := self.by_code.get(plain)) and place.holds_members:
            return [place]
        named = self._named.get(plain, [])
        for hits in (
            [place for place in named if squeezed(place.name) == plain],
            [place for place in named if squeezed(place.short_name) == plain],
            self._by_path([part for part in _PARTED.split(text) if part]),
            self._named.get(loose(text), []),
            self._behind_a_committee(plain),
        ):
            if hits:
                return self._below(hits, committee)
        return []

    def _below(self, hits: list[Place], committee: str) -> list[Place]:
        if len(hits) < 2 or not committee:
            return hits
        return [place for place in hits if self._stands_under(place, committee)] or hits

    def _by_path(self, parts: list[str]) -> list[Place]:
        if len(parts) < 2:
            return []
        *committees, branch = parts
        return [
            place
            for place in self._named.get(loose(branch), [])
            if all(self._stands_under(place, committee) for committee in committees)
        ]

    def _behind_a_committee(self, plain: str) -> list[Place]:
        """Return 交通局机关党委第一党支部: the name of a committee, its branch behind."""
        hits = []
        for committee in (*self.all, *self.above):
            for name in {squeezed(committee.name), squeezed(committee.short_name)} - {""}:
                if plain.startswith(name) and plain != name:
                    behind = self._named.get(loose(plain.removeprefix(name)), [])
                    hits += [place for place in behind if place.path.startswith(committee.path)]
        return list(dict.fromkeys(hits))

    def _stands_under(self, place: Place, committee: str) -> bool:
        wanted = {squeezed(committee), loose(committee)}
        return any(
            place.path != each.path
            and place.path.startswith(each.path)
            and wanted
            & {each.code, squeezed(each.name), squeezed(each.short_name), loose(each.name)}
            for each in (*self.all, *self.above)
        )

    def named_in(self, line: str) -> Place | None:
        """Return the one branch whose name stands in a title or the name of a sheet."""
        plain = squeezed(line)
        best: dict[Place, int] = {}
        for place in self.branches:
            for name in {squeezed(place.name), squeezed(place.short_name), loose(place.name)}:
                if len(name) > 2 and (name in plain or name in loose(plain)):
                    best[place] = max(best.get(place, 0), len(name))
        longest = [place for place, length in best.items() if length == max(best.values())]
        return longest[0] if len(longest) == 1 else None

    def nearest(self, text: str) -> list[str]:
        """Return the labels most like ``text``, of branches within the clerk's rows."""
        wanted = set(squeezed(text))
        labels = {place.label for place in self.branches}
        alike = sorted(labels, key=lambda label: (-len(wanted & set(label)), label))[:_COMPARED]
        near = difflib.get_close_matches(squeezed(text), alike, n=_TOLD, cutoff=0)
        if squeezed(text).isdigit():
            branch_codes = [place.code for place in self.branches]
            near = difflib.get_close_matches(squeezed(text), branch_codes[:10_000], _TOLD, cutoff=0)
            near = [f"{code} {self.by_code[code].label}" for code in near]
        return near


def unknown(text: str, near: Iterable[str]) -> Sentence:
    """Say that there is no such branch; the same words for one that is somebody else's."""
    if names := "、".join(near):
        return Sentence(
            "There is no branch “%(written)s” among yours. The nearest are: %(names)s. "
            "Correct the name, or write the code.",
            code=codes.BRANCH_UNKNOWN,
            written=quoted(text),
            names=names,
        )
    return Sentence(
        "There is no branch “%(written)s” among yours. Correct the name, or write the code.",
        code=codes.BRANCH_UNKNOWN,
        written=quoted(text),
    )


def ambiguous(text: str, hits: Iterable[Place]) -> Sentence:
    hits = list(hits)
    return Sentence(
        "“%(written)s” may be any of %(count)s branches: %(names)s. Write the code of the one.",
        level=QUESTION,
        code=codes.BRANCH_AMBIGUOUS,
        written=quoted(text),
        count=len(hits),
        names="、".join(f"{place.code} {place.name}" for place in hits[:_TOLD]),
    )
