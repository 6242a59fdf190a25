"""The demo's transfers: some in every state around the clerks who have a login, by their verbs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from branches.models import Organization
from branches.rules import hierarchy
from members.demo.people import Inventor
from members.demo.trees import Forest, Node
from members.models import Member, Newcomer, Transfer, TransferPolicy
from members.models.transfers.coming import Arrival
from members.models.transfers.newcomers import FACTS
from members.models.transfers.sending import Going
from members.rules import transfers
from members.rules.codes import FULL
from registry.access import OPERATOR
from registry.calendar import first_of_month

OUTSIDE = (
    ("中共云溪市委组织部", "中共云溪市云山区市场监督管理局机关委员会"),
    ("中共清江省委省直机关工作委员会组织部", "中共清江省交通运输厅机关委员会"),
    ("中共临川市委组织部", "中共临川市第一人民医院委员会"),
)
FROM = ("中共临川市委组织部", "中共清江大学委员会组织部", "中共宁河县委组织部")
# Days ago that it began, days for which the letter holds, and how far it has come.
LETTERS = (
    (2, 30, transfers.PROPOSED), (1, 10, transfers.PROPOSED), (6, 30, transfers.UNDER_WAY),
    (18, 10, transfers.EXPIRED), (48, 90, transfers.OVERDUE), (20, 30, transfers.ACCEPTED),
    (75, 30, transfers.COMPLETE), (30, 30, transfers.WITHDRAWN), (26, 10, transfers.SENT_BACK),
    (24, 10, transfers.REISSUED),
)  # fmt: skip
WHY = {
    transfers.WITHDRAWN: "本人不再调动", transfers.SENT_BACK: "抬头有误，退回重开",
    transfers.REISSUED: "介绍信遗失，本人书面说明",
}  # fmt: skip


class TransferLoader:
    """Sends a few people of the branches of one committee out, and lets a few come."""

    def __init__(self, on: date, forest: Forest, inventor: Inventor) -> None:
        self.on, self.inventor = on, inventor
        self.committee = next(n for n in forest.nodes if n.kind == hierarchy.ORGAN_COMMITTEE)
        self.own = [node for node in forest.branches() if node.parent is self.committee]
        self.others = [node for node in forest.branches() if node.parent is not self.committee]
        keys = [node.pk for node in (*self.own, *self.others[:1], self.committee)]
        self.places = Organization.objects.in_bulk(keys)
        self.people = self._ordinary(self.own)

    def load(self) -> None:
        TransferPolicy.objects.create(
            organization_id=self.committee.pk,
            valid_from=date(self.on.year, 1, 1),
            passes_through=False,
            fax="0571-87050002",
            postcode="310025",
        )
        for number, (ago, days, state) in enumerate(LETTERS):
            self._letter(number, ago, days, state)
        online = Going("online", to_outside=OUTSIDE[1][1], document=f"3301{self.on.year}000317")
        self._send(next(self.people), online, 4)
        self._inside()
        self._arrivals()

    def _ordinary(self, nodes: list[Node]) -> Iterator[Member]:
        """Full members of these branches who hold no post, a few of each branch in turns."""
        rows = Member.objects.on_roll().filter(kind=FULL, offices__isnull=True)
        for place in range(4):
            for node in nodes:
                yield from rows.filter(organization=node.pk).order_by("pk")[place : place + 1]

    def _send(self, member: Member, going: Going, ago: int) -> Any:
        day = self._day(ago)
        stay = member.placements.get(placed_until__isnull=True)
        [transfer] = Transfer.send_out([member], going, max(day, stay.placed_from), self.on)
        return transfer

    def _day(self, ago: int) -> date:
        return self.on - timedelta(days=ago)

    def _letter(self, number: int, ago: int, days: int, state: str) -> None:
        addressee, to = OUTSIDE[number % len(OUTSIDE)]
        month = first_of_month(self._day(ago))
        going = Going(
            "letter", to_outside=to, addressee=addressee, validity_days=days, paid_to=month
        )
        transfer = self._send(next(self.people), going, ago)
        if state == transfers.PROPOSED:
            return
        day = transfer.begun_on
        [letter] = Transfer.issue_letters([transfer], day, self.on, by=OPERATOR)
        later = min(day + timedelta(days=9), self.on)
        if state in {transfers.ACCEPTED, transfers.COMPLETE}:
            letter.accept(later, self.on)
        if state == transfers.COMPLETE:
            letter.enter_receipt(min(later + timedelta(days=8), self.on), self.on)
        if state == transfers.WITHDRAWN:
            letter.withdraw(WHY[state], later, self.on)
        if state == transfers.SENT_BACK:
            letter.send_back(WHY[state], later, self.on)
        if state == transfers.REISSUED:
            letter.reissue(WHY[state], self._day(1), self.on, by=OPERATOR, validity_days=30)

    def _inside(self) -> None:
        """One who goes, one who comes, and one who has come."""
        if not self.others:
            return
        ours, theirs = self.places[self.own[0].pk], self.places[self.others[0].pk]
        self._send(next(self.people), Going("internal", to_organization=theirs), 3)
        coming = self._ordinary(self.others[:1])
        self._send(next(coming), Going("internal", to_organization=ours), 5)
        # Within one committee, so that his dues stay as they were assessed.
        neighbour = next((each for each in self.people if each.organization != ours), None)
        if neighbour is not None:
            come = self._send(neighbour, Going("internal", to_organization=ours), 40)
            come.accept(come.begun_on, self.on)

    def _arrivals(self) -> None:
        """Two letters that came lately; and one who had left and is back in a branch."""
        committee = self.places[self.committee.pk]
        gone = Member.objects.filter(
            organization__in=[node.pk for node in self.own], leaving_reason="transferred_out",
            left_on__lt=self._day(200),
        ).order_by("pk").first()  # fmt: skip
        people = [self._stranger(), self._stranger()]
        if gone is not None:
            people.append(Newcomer(**{name: getattr(gone, name) for name in FACTS}))
        for number, newcomer in enumerate(people):
            arrival = Arrival(
                kind="letter",
                document=f"〔{self.on.year}〕第{131 + number}号",
                from_outside=FROM[number],
                issued_on=self._day(12 + number),
                validity_days=30,
                paid_to=first_of_month(self._day(12 + number)),
            )
            transfer = Transfer.register_incoming(
                newcomer, arrival, committee, self._day(4 + number), self.on
            )
            if newcomer.id_number and gone is not None and newcomer.name == gone.name:
                transfer.place(gone.organization, transfer.begun_on, self.on)

    def _stranger(self) -> Newcomer:
        person = self.inventor.person(self.own[0], "")
        while person.kind != FULL or person.left_on:
            person = self.inventor.person(self.own[0], "")
        return Newcomer(**{name: getattr(person, name) for name in FACTS})
