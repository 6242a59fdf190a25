"""The tree as at a day: what one's organisations were called then, what stood below them, and who
belonged to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.admin.organizations import kind_in_words, page_of
from branches.models import Organization, OrganizationPeriod, may
from branches.rules import roles, tree
from members.admin.deeds import not_to_come
from members.admin.desk import tops_of
from members.admin.tree import CHILDREN, OPEN_AT_ONCE, numbers_in
from members.models import Placement
from members.models.searching import probationary_on
from registry.forms import DayField


class DayForm(forms.Form):
    on = DayField(label=_("as at"), widget=AdminDateWidget)

    def clean_on(self) -> Any:
        return not_to_come(self.cleaned_data["on"])


@dataclass
class PastNode:
    """One row of the tree of a day; ``organization`` is as it was, and is never saved."""

    organization: Organization
    level: int
    full: int
    probationary: int
    url: str
    toggle_url: str
    is_open: bool
    has_children: bool
    is_sought: bool = False
    more: bool = False
    children: list[PastNode] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.kind = kind_in_words(self.organization)


class PastTree:
    """What stood where on ``day``, below the organisations that the user has now."""

    def __init__(self, user: Any, day: date, opened: set[int]) -> None:
        self.user, self.day, self.opened = user, day, opened
        held = OrganizationPeriod.objects.on(day).select_related("organization")
        keys = [each.pk for each in tops_of(user)]
        self.tops = list(held.filter(organization__in=keys).order_by("path"))
        below = Q(pk__in=[])
        for top in self.tops:
            below |= Q(path__gte=top.path, path__lt=tree.end_of(top.path))
        self.there = held.filter(below)
        if not opened:
            self.opened = {top.organization_id for top in self.tops}

    def nodes(self) -> list[PastNode]:
        tops = {top.organization_id for top in self.tops}
        shown = self.there.filter(Q(organization__in=tops) | Q(parent__in=self.opened))
        self._children: dict[int | None, list[OrganizationPeriod]] = defaultdict(list)
        for each in shown:
            self._children[each.parent_id].append(each)
        for beside in self._children.values():
            beside.sort(key=lambda line: (line.organization.display_order, line.path))
        keys = [line.organization_id for lines in self._children.values() for line in lines]
        parents = self.there.filter(parent__in=keys).values_list("parent", flat=True)
        self._superiors = set(parents.distinct())
        self._count()
        return [self._node(top, 1) for top in self.tops]

    def _count(self) -> None:
        """Add up full and probationary members from below, from one question about all."""
        stays = Placement.objects.on(self.day).filter(
            organization__in=self.there.values("organization"), member__wrong_entry=False
        )
        counted = (
            stays.order_by()
            .values("organization")
            .annotate(
                people=Count("pk"),
                rest=Count("pk", filter=probationary_on(self.day, "member__")),
            )
        )
        paths = dict(self.there.values_list("organization", "path"))
        self.full: Counter[str] = Counter()
        self.probationary: Counter[str] = Counter()
        for key, people, rest in counted.values_list("organization", "people", "rest"):
            for path in (*tree.ancestors_of(paths[key]), paths[key]):
                self.full[path] += people - rest
                self.probationary[path] += rest

    def _node(self, line: OrganizationPeriod, level: int) -> PastNode:
        key = line.organization_id
        seen = may(self.user, roles.VIEW, line.organization.path)
        node = PastNode(
            _as_it_was(line),
            level,
            self.full[line.path],
            self.probationary[line.path],
            url=page_of(line.organization) if seen else "",
            toggle_url=self._address(key),
            is_open=key in self.opened,
            has_children=key in self._superiors,
        )
        if node.is_open:
            lines = self._children[key]
            node.children = [self._node(each, level + 1) for each in lines[:CHILDREN]]
        return node

    def _address(self, toggled: int) -> str:
        opened = sorted(self.opened ^ {toggled})
        asked = {"on": self.day.isoformat(), "open": ",".join(map(str, opened)) or "0"}
        return f"?{urlencode(asked, safe=',')}#node-{toggled}"


def _as_it_was(line: OrganizationPeriod) -> Organization:
    return Organization(
        pk=line.organization_id,
        code=line.code or line.organization.code,
        name=line.name,
        short_name=line.short_name,
        kind=line.kind,
        sort=line.sort,
        path=line.path,
    )


def past_tree_page(request: HttpRequest) -> HttpResponse:
    """The tree as at ``?on=2025-12-31``, as opened by ``?open=1,2``."""
    form = DayForm({"on": request.GET.get("on") or f"{timezone.localdate()}"})
    nodes: list[PastNode] = []
    if form.is_valid():
        opened = set(numbers_in(request.GET.get("open", ""))[:OPEN_AT_ONCE])
        nodes = PastTree(request.user, form.cleaned_data["on"], opened).nodes()
    context = {
        **admin.site.each_context(request),
        "title": _now("Organisations as at a day"),
        "asking": form,
        "nodes": nodes,
        "is_past": True,
        "full": sum(node.full for node in nodes),
        "probationary": sum(node.probationary for node in nodes),
        "media": form.media,
    }
    return TemplateResponse(request, "admin/members/past_tree.html", context)


admin.site.page(  # type: ignore[attr-defined]
    "organizations/tree/past/", past_tree_page, "organizations_past_tree", roles.VIEW
)
