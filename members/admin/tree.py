"""The tree page: the hierarchy folded, with the people of each node and everything below it.

It reads the rows that it shows and no others: where the user's own organisations begin, and the
children of what he has opened. The sums come from ``Headcount``, which the verbs keep.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.admin.organizations import kind_in_words, page_of
from branches.models import Organization
from branches.rules import roles, tree
from members.admin.desk import tops_of
from members.models.headcounts import heads_of
from registry import access
from registry.admin import Place

CHILDREN = 200  # shown of one node, until more are asked for
MOST = 5_000
OPEN_AT_ONCE = 100
FOUND = 20
OPENED_FIRST = 3  # so many organisations of one's own are open at first


@dataclass
class Node:
    """One row of the tree, as the page shows it."""

    organization: Organization
    level: int
    is_open: bool = False
    has_children: bool = False
    is_sought: bool = False
    more: bool = False  # there are children beyond those shown
    children: list[Node] = field(default_factory=list)
    toggle_url: str = ""

    def __post_init__(self) -> None:
        self.full, self.probationary = heads_of(self.organization)
        self.kind = kind_in_words(self.organization)
        self.url = page_of(self.organization)


class Tree:
    """What one user has opened of the organisations that he sees."""

    def __init__(
        self, user: Any, opened: set[int], limit: int, sought: Organization | None
    ) -> None:
        self.user, self.opened, self.limit, self.sought = user, opened, limit, sought
        self.line = {sought.pk} if sought else set()
        if sought:
            above = Organization.objects.visible_to(user)
            above = above.filter(path__in=tree.ancestors_of(sought.path))
            self.opened |= (ids := set(above.values_list("pk", flat=True)))
            self.line |= ids

    def nodes(self) -> list[Node]:
        tops = [each.pk for each in tops_of(self.user)]
        rows = self._rows(Organization.objects.filter(pk__in=tops)).order_by("path")
        return [self._node(each, 1) for each in rows]

    def _rows(self, rows: QuerySet[Organization]) -> QuerySet[Any]:
        below = Organization.objects.standing().filter(parent=OuterRef("pk"))
        return rows.select_related("headcount").annotate(has_children=Exists(below))

    def _node(self, organization: Any, level: int) -> Node:
        node = Node(
            organization,
            level,
            has_children=organization.has_children,
            is_open=organization.has_children and organization.pk in self.opened,
            is_sought=self.sought is not None and organization.pk == self.sought.pk,
        )
        if node.has_children:
            node.toggle_url = self._address(organization.pk)
        if node.is_open:
            self._open(node)
        return node

    def _open(self, node: Node) -> None:
        below = Organization.objects.standing().filter(parent=node.organization)
        rows = self._rows(below).order_by("display_order", "path")
        found = list(rows[: self.limit + 1])
        node.more = len(found) > self.limit
        shown = found[: self.limit]
        if node.more and node.organization.pk in self.line:  # what is sought may stand further down
            shown += rows.filter(pk__in=self.line - {each.pk for each in shown})
        node.children = [self._node(each, node.level + 1) for each in shown]

    def _address(self, toggled: int) -> str:
        """The page with this node opened, or closed where it is open."""
        opened = sorted(self.opened ^ {toggled})
        asked: dict[str, Any] = {"open": ",".join(map(str, opened))}
        if self.limit != CHILDREN:
            asked["limit"] = self.limit
        return f"?{urlencode(asked, safe=',')}#node-{toggled}"

    def more_url(self) -> str:
        asked = {"open": ",".join(map(str, sorted(self.opened))), "limit": self.limit + CHILDREN}
        return f"?{urlencode(asked, safe=',')}"


def tree_page(request: HttpRequest) -> HttpResponse:
    """The tree as opened by ``?open=1,2``; ``?at=3`` opens it down to one node, ``?q=`` seeks."""
    text = request.GET.get("q", "").strip()
    found = seek(request.user, text) if text else []
    if len(found) == 1:
        return HttpResponseRedirect(jump_to(found[0]))
    sought = None
    if "at" in request.GET:
        numbers = numbers_in(request.GET["at"])
        if len(numbers) != 1:
            raise Http404(_now("There is no such organisation."))
        sought = get_object_or_404(Organization.objects.visible_to(request.user), pk=numbers[0])
    limit = next(iter(numbers_in(request.GET.get("limit", ""))), CHILDREN)
    limit = min(max(limit, CHILDREN), MOST)
    opened = set(numbers_in(request.GET.get("open", ""))[:OPEN_AT_ONCE])
    if "open" not in request.GET and not sought:
        tops = tops_of(request.user)
        opened = {each.pk for each in tops} if len(tops) <= OPENED_FIRST else set()
    shown = Tree(request.user, opened, limit, sought)
    nodes = shown.nodes()
    context = {
        **admin.site.each_context(request),
        "title": _now("Organisations"),
        "nodes": nodes,
        "full": sum(node.full for node in nodes),
        "probationary": sum(node.probationary for node in nodes),
        "more_url": shown.more_url(),
        "query": text,
        "found": [
            {"organization": each, "kind": kind_in_words(each), "url": jump_to(each)}
            for each in found[:FOUND]
        ],
        "too_many": len(found) > FOUND,
        "may_found": access.may(request.user, roles.CHANGE_TREE),
    }
    return TemplateResponse(request, "admin/members/tree.html", context)


def seek(user: Any, text: str) -> list[Organization]:
    """Return the organisations of ``user`` that the search box finds, one more than are shown."""
    return list(Organization.objects.visible_to(user).standing().found_by(text)[: FOUND + 1])


def jump_to(organization: Organization) -> str:
    return f"{reverse('admin:organizations_tree')}?at={organization.pk}#node-{organization.pk}"


def numbers_in(text: str) -> list[int]:
    """Return the numbers in “1,2,3”; what is none, or longer than any id, is left out."""
    return [int(part) for part in text.split(",") if part.isdecimal() and len(part) < 19]


admin.site.page(  # type: ignore[attr-defined]
    "organizations/tree/",
    tree_page,
    "organizations_tree",
    roles.VIEW,
    place=Place(_("Organisations"), "organizations_tree", roles.VIEW, 20, "tree"),
)
