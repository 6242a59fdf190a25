"""Posts in the Party and Party groups as a roster names them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from branches.models import PartyGroup
from branches.rules import hierarchy
from branches.sheets.places import Place, squeezed
from members.rules import offices
from members.sheets.known import in_chunks, offices_of
from registry.sentences import Sentence, warning
from registry.sheets import codes
from registry.sheets.cells import quoted
from registry.sheets.rows import StagedRow


class Posts:
    """The posts and groups of the branches in one upload, asked in bulk."""

    def __init__(self, organization_ids: set[int], opening_on: date) -> None:
        self.opening_on = opening_on
        self.held = offices_of(organization_ids)
        self.groups = _groups(organization_ids)

    def of(self, row: StagedRow, place: Place, member: int | None, kind: str) -> list[str]:
        """Return the posts of the cell that its branch has and that are not held yet."""
        text = row.values.get("party_post")
        if not text:
            return []
        found: list[str] = []
        for part in offices.parts_of(text):
            named = offices.committee_named_in(part)
            posts, unread = offices.read_posts(part)
            if named not in (None, hierarchy.BRANCH) or any(
                offices.POSTS[post].body == offices.DISCIPLINE for post in posts
            ):
                row.tell(_held_elsewhere(part), "party_post")
                continue
            for each in unread:
                row.tell(_no_post(each), "party_post")
            found += [post for post in posts if post not in found]
        others = self.held[place.pk]
        own = {held.post for holder, held in others if member and holder == member}
        taken = []
        for post in found:
            if post in own:
                continue
            held = offices.Held(post, not_before(place, self.opening_on))
            strangers = [each for holder, each in others if not member or holder != member]
            for objection in offices.objections(
                held, strangers, kind=kind, founded_on=place.founded_on
            ):
                row.tell(objection, "party_post")
            others.append((member, held))
            taken.append(post)
        return taken

    def join_group(
        self, row: StagedRow, place: Place, joined: int | None = None, *, known: bool = False
    ) -> None:
        """Find the Party group of the cell; ``joined`` is the one that a known member is in."""
        name = row.values.get("party_group")
        if not name:
            return
        group = self.groups.get((place.pk, squeezed(name)))
        if group is None:
            row.tell(
                warning(
                    "%(branch)s has no Party group “%(name)s”; the cell was left out. "
                    "Add the group on the branch's page.",
                    code=codes.GROUP_UNKNOWN,
                    branch=place.label,
                    name=quoted(name),
                ),
                "party_group",
            )
        elif joined != group:
            row.outcome["group"] = group
            if known:
                before = next((key for key, pk in self.groups.items() if pk == joined), (0, ""))
                row.outcome["group_before"] = joined
                row.changes.append(["party_group", before[1], name])


def _groups(organization_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    return {
        (organization, squeezed(name)): pk
        for chunk in in_chunks(organization_ids)
        for organization, name, pk in PartyGroup.objects.filter(organization__in=chunk).values_list(
            "organization", "name", "pk"
        )
    }


def not_before(place: Place, day: date) -> date:
    """Return ``day``, or the founding of the branch where that is later."""
    return max(day, place.founded_on) if place.founded_on else day


def _held_elsewhere(part: str) -> Sentence:
    return warning(
        "“%(post)s” is a post of another organisation and was left out. Enter it there.",
        code=codes.POST_ELSEWHERE,
        post=quoted(part),
    )


def _no_post(part: str) -> Sentence:
    return warning(
        "“%(post)s” is not a post that the register knows and was left out. Enter the post on the "
        "branch's page.",
        code=codes.POST_UNREAD,
        post=quoted(part),
    )


def held_since(day: date) -> Sentence:
    return warning(
        "The sheet does not say since when posts are held; they are entered from %(day)s. Correct "
        "the day of each on the branch's page.",
        code=codes.POST_SINCE_OPENING,
        day=day,
    )
