"""党员信息核对表: the roster with an empty line below each person, to correct what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from members.papers.layouts import Drawn
from members.papers.listed import Roster
from members.papers.roster import RosterPaper
from registry.papers.catalogue import Asked
from registry.papers.lists import ListPaper


@dataclass(frozen=True)
class CheckingSheet(RosterPaper):
    """A roster that goes round, and comes back with what is wrong in it written by hand."""

    def paper(self, roster: Roster, layout: Drawn, asked: Asked, **options: Any) -> ListPaper:
        return replace(
            super().paper(roster, replace(layout, title=""), asked, **options),
            correction="更正",
            signoff=("核对人：", "审核人：", "日期：　　　年　　月　　日", "（盖章）"),
        )


CHECKING = CheckingSheet("checking_sheet", "党员信息核对表", heading="党员信息核对表")
