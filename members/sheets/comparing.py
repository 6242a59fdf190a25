"""What a row says against what the register has of the same member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from branches.sheets.places import Place, Places
from members.models import Member, id_digest, own_values, phone_digest
from members.models.own_values import OWN
from members.rules import completeness, membership, offices
from members.sheets.belonging import Belonging
from members.sheets.filling import FACTS, FILLED, filled, own_values_of
from members.sheets.known import DATES, SEALED, Registered, overlap, value_of
from members.sheets.posts import Posts
from registry.models.job_rows import RowState
from registry.sentences import ERROR, Sentence
from registry.sheets import codes
from registry.sheets.cells import QUESTION
from registry.sheets.columns import OWN as OWN_FIELD
from registry.sheets.resources import CellField
from registry.sheets.rows import StagedRow

KEEP = "register"  # the member stays where the register has him
CORRECT = "correct"  # he has been there all the time; the register was wrong
MOVE = "move"  # he goes there, on the day behind the colon
_EMPTY = Member()
_DIGESTS = {"id_number": ("id_digest", id_digest), "phone": ("phone_digest", phone_digest)}


class Comparing:
    """Compares the rows of one upload with the members they are about."""

    def __init__(
        self, fields: Mapping[str, CellField], today: date, places: Places, posts: Posts
    ) -> None:
        self.fields, self.today, self.places, self.posts = fields, today, places, posts

    def compare(self, row: StagedRow, member: Registered, belonging: Belonging) -> None:
        """Set target, changes and outcome of a row that is about ``member``."""
        row.target_id = member["pk"]
        row.outcome = {
            "version": member["version"],
            "organization": member["organization_id"],
            "name": member["name"],
        }
        place = belonging.place
        if place and place.pk != member["organization_id"]:
            self._ask_for_the_branch(row, member, place)
        changed = {
            name: value
            for name, value in filled(row, self.today).items()
            if value != member[name] and _differs(member, name, value)  # nearly all are equal
        }
        if row.answer(codes.NAME_DIFFERS) == KEEP:
            changed.pop("name", None)
        for name in row.cleared:
            if name in FILLED and member[name] not in (None, "", False, 0):
                changed[name] = getattr(_EMPTY, name)
        row.changes += [
            [name, self._shown(name, value_of(member, name), masked=True), self._shown(name, new)]
            for name, new in changed.items()
        ]
        self._compare_own(row, member, changed)
        if changed:
            before = {name: value_of(member, name) for name in changed}
            row.outcome |= {"values": changed, "before": before}
            if not changed.keys().isdisjoint(FACTS):
                self._tell_facts(row, member, changed)
        self._take_posts(row, member, changed)
        if row.changes:
            facts = {**member, **changed, "unit": member["unit_id"]}
            row.outcome["missing"] = len(completeness.missing(facts))
        row.state = RowState.CHANGED if row.changes else RowState.UNCHANGED

    def _compare_own(self, row: StagedRow, member: Registered, changed: dict[str, Any]) -> None:
        """The office's own fields are one column of the register; each is shown by its name."""
        said = own_values_of(row)
        if not said:
            return
        before = own_values.values_in(value_of(member, OWN))
        differing = {name: text for name, text in said.items() if before.get(name, "") != text}
        for name, text in differing.items():
            row.changes.append([f"{OWN_FIELD}{name}", before.get(name, ""), text])
        if differing:
            changed[OWN] = own_values.text_of({**before, **differing})

    def _take_posts(self, row: StagedRow, member: Registered, changed: Mapping[str, Any]) -> None:
        own = self.places.by_pk.get(member["organization_id"])
        if not own or row.values.keys().isdisjoint({"party_post", "party_group"}):
            return
        kind = changed.get("kind", member["kind"])
        if posts := self.posts.of(row, own, member["pk"], kind):
            row.outcome["posts"] = posts
            row.changes.append(
                ["party_post", "", "、".join(offices.POSTS[post].chinese for post in posts)]
            )
        self.posts.join_group(row, own, member["party_group_id"], known=True)

    def _ask_for_the_branch(self, row: StagedRow, member: Registered, place: Place) -> None:
        """Take the clerk's answer: he has moved, or one of the two was wrong; ask him else."""
        known = self.places.by_pk.get(member["organization_id"])
        label = known.label if known else "–"
        answer, _colon, day = row.answer(codes.BRANCH_DIFFERS).partition(":")
        if answer == KEEP:
            return
        if answer == CORRECT or (answer == MOVE and day):
            row.outcome["place"] = place.pk
            if answer == MOVE:
                row.outcome["moved_on"] = day
            row.changes.append(["organization", label, f"{place.label} {day}".strip()])
            return
        row.tell(
            Sentence(
                "%(number)s “%(name)s” belongs to “%(known)s” in the register, to “%(written)s”"
                " in the sheet. Say whether the member has moved, or which is wrong.",
                level=QUESTION,
                code=codes.BRANCH_DIFFERS,
                number=member["number"],
                name=member["name"],
                known=label,
                written=place.label,
            ),
            "organization",
            [(MOVE, place.label), (CORRECT, place.label), (KEEP, label)],
        )

    def _shown(self, name: str, value: Any, *, masked: bool = False) -> str:
        if masked and value and name in Member.masks:
            return str(Member.masks[name](value))
        return str(self.fields[name].widget.render(value))

    def _tell_facts(self, row: StagedRow, member: Registered, changed: Mapping[str, Any]) -> None:
        """Tell what the rules have against the changed dates, but not what they had before."""
        facts = membership.Facts(
            **{name: value_of(member, name) for name in FACTS},
            extended=member["probation_extended_by"] > 0,
        )
        known = {each.code for each in membership.objections(facts, self.today)}
        said = {name: changed[name] for name in FACTS if name in changed}
        now = membership.objections(replace(facts, **said), self.today)
        row.outcome["odd"] = [[each.code, each.field] for each in now]
        for objection in now:
            if objection.level == ERROR or objection.code not in known:
                row.tell(objection)


def _differs(member: Registered, name: str, new: Any) -> bool:
    old = member[name]
    if name in DATES:
        if not old or not new:
            return bool(old) != bool(new)
        if old == new.code:
            return False
        # 1985.06 says nothing against 1985-06-12.
        vaguer = (not new.month and old // 100 % 100) or (not new.day and old % 100)
        return not (vaguer and overlap(new, value_of(member, name)))
    if name in _DIGESTS:
        column, digest = _DIGESTS[name]
        return bool(digest(new or "") != member[column])
    if name in SEALED:
        return bool((value_of(member, name) or "") != (new or ""))
    return bool((old or "") != (new or ""))
