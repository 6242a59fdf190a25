"""What the ledger of dues knows: how money comes and goes, and what a payment must satisfy.

Source: 中组发〔2008〕3号 for what dues may be spent on; remitting (上缴), allocating (下拨) and
returning (返还) as offices do it.
A payment is never edited or deleted: a wrong one is reversed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from members.rules.codes import Entry, choices_of, table_of
from members.rules.dues import SCALES
from members.rules.dues_months import next_month, written
from registry.calendar import first_of_month
from registry.sentences import Sentence

FIRST_MONTH = SCALES[0].since

CASH, BANK, ONLINE = "cash", "bank", "online"
METHODS = table_of(
    Entry(CASH, Sentence("cash"), "现金", ("现金缴纳",)),
    Entry(BANK, Sentence("bank"), "银行", ("银行转账", "转账", "银行代扣", "代扣")),
    Entry(ONLINE, Sentence("online"), "线上", ("微信", "支付宝", "网上", "网上缴纳", "智慧党建")),
)

DUES, EXTRA, SPECIAL = "dues", "extra", "special"
PAYMENT_KINDS = table_of(
    Entry(DUES, Sentence("dues"), "党费"),
    Entry(EXTRA, Sentence("voluntary extra"), "自愿多交党费", ("自愿多交", "大额党费")),
    Entry(SPECIAL, Sentence("special dues of a campaign"), "特殊党费"),
)

# Where money comes from, which never mixes; each campaign is an account of its own.
BUDGET, CAMPAIGN = "budget", "campaign"
FUNDS = table_of(
    Entry(DUES, Sentence("dues"), "党费"),
    Entry(BUDGET, Sentence("budget"), "财政经费"),
    Entry(CAMPAIGN, Sentence("campaign"), "特殊党费"),
)


@dataclass(frozen=True)
class EntryKind(Entry):
    """One way in which money comes (``sign`` 1) or goes (-1).

    ``arrives_as`` is what it is for the organisation that gets it; both ends of such a transfer
    name each other. ``column`` is the line of a statement that it is added up in.
    """

    sign: int = 1
    column: str = ""
    arrives_as: str = ""


OPENING, INTEREST, SPENT = "opening", "interest", "spent"
ALLOCATED, PASSED_DOWN = "allocated", "passed_down"
REMITTED, RECEIVED = "remitted", "received"
RETURNED, GOT_BACK = "returned", "got_back"

ENTRY_KINDS: dict[str, EntryKind] = {
    kind.code: kind
    for kind in (
        EntryKind(OPENING, Sentence("opening balance"), "期初余额", column="opening"),
        EntryKind(INTEREST, Sentence("interest"), "利息", column="interest"),
        EntryKind(ALLOCATED, Sentence("allocated from above"), "上级下拨", column="received"),
        EntryKind(RECEIVED, Sentence("remitted from below"), "下级上缴", column="received"),
        EntryKind(GOT_BACK, Sentence("returned from above"), "上级返还", column="received"),
        EntryKind(
            REMITTED,
            Sentence("remitted upward"),
            "上缴上级",
            sign=-1,
            column="remitted",
            arrives_as=RECEIVED,
        ),
        EntryKind(
            RETURNED,
            Sentence("returned to a branch"),
            "返还下级",
            sign=-1,
            column="returned",
            arrives_as=GOT_BACK,
        ),
        EntryKind(
            PASSED_DOWN,
            Sentence("allocated downward"),
            "下拨下级",
            sign=-1,
            column="returned",
            arrives_as=ALLOCATED,
        ),
        EntryKind(SPENT, Sentence("spent"), "支出", sign=-1, column="spent"),
    )
}

# What dues may be spent on.
PURPOSES = table_of(
    Entry("training", Sentence("training of members"), "培训党员"),
    Entry(
        "reading", Sentence("papers, books and equipment for study"), "订阅党报党刊、购买学习资料"
    ),
    Entry("commendation", Sentence("commendation"), "表彰先进"),
    Entry("hardship", Sentence("aid to members in hardship"), "补助生活困难党员"),
    Entry("disaster", Sentence("aid after disasters"), "补助遭受严重自然灾害的党员"),
)


def method_choices() -> list[tuple[str, str]]:
    return choices_of(METHODS)


def payment_choices() -> list[tuple[str, str]]:
    return choices_of(PAYMENT_KINDS)


def fund_choices() -> list[tuple[str, str]]:
    return choices_of(FUNDS)


def entry_choices() -> list[tuple[str, str]]:
    return choices_of(ENTRY_KINDS)


def purpose_choices() -> list[tuple[str, str]]:
    return choices_of(PURPOSES)


@dataclass(frozen=True)
class Stay:
    """Days on which somebody belonged, half-open; ``until`` None goes on, ``since`` None began
    before anybody knows."""

    since: date | None
    until: date | None

    def touches(self, month: date, next_month: date) -> bool:
        """Return whether any day of the month lies in it."""
        empty = self.since is not None and self.until is not None and self.until <= self.since
        return (
            not empty
            and (self.since is None or self.since < next_month)
            and (self.until is None or self.until > month)
        )


@dataclass(frozen=True)
class Money:
    """One payment as it was typed: what it is, and which month gets how much of it."""

    kind: str
    method: str
    amount: Decimal
    months: tuple[tuple[date, Decimal], ...]
    paid_on: date
    campaign: str = ""


def payment_objections(
    money: Money, name: str, stays: Sequence[Stay], today: date
) -> list[Sentence]:
    """Return every reason against booking ``money`` of the member called ``name``.

    ``stays`` are the days on which he belonged to the register. What a clerk may leave standing,
    such as a late month, is no objection.
    """
    return [
        *_against_the_amount(money, name),
        *_against_the_day(money, name, today),
        *_against_the_kind(money, name),
        *_against_the_months(money, name, stays),
    ]


def _against_the_amount(money: Money, name: str) -> list[Sentence]:
    shares = [share for _month, share in money.months]
    found = [
        Sentence(
            "%(name)s: %(amount)s yuan is no payment. Write an amount above 0; a wrong payment "
            "is reversed.",
            field="amount",
            code="amount_not_positive",
            name=name,
            amount=amount,
        )
        for amount in dict.fromkeys([money.amount, *shares])
        if amount <= 0
    ]
    if money.kind == DUES and money.months and sum(shares) != money.amount:
        found.append(
            Sentence(
                "%(name)s: the months add up to %(sum)s yuan, the payment is %(amount)s. "
                "Correct one of them.",
                field="months",
                code="months_do_not_add_up",
                name=name,
                sum=sum(shares),
                amount=money.amount,
            )
        )
    return found


def _against_the_day(money: Money, name: str, today: date) -> list[Sentence]:
    if money.paid_on > today:
        return [
            Sentence(
                "%(name)s: paid on %(day)s, which is still to come. Check the day.",
                field="paid_on",
                code="paid_in_future",
                name=name,
                day=money.paid_on,
            )
        ]
    if money.paid_on < FIRST_MONTH:
        return [
            Sentence(
                "%(name)s: paid on %(day)s, before the rules of April 2008. Check the day.",
                field="paid_on",
                code="paid_before_rules",
                name=name,
                day=money.paid_on,
            )
        ]
    return []


def _against_the_kind(money: Money, name: str) -> list[Sentence]:
    found = []
    if money.kind not in PAYMENT_KINDS:
        found.append(
            Sentence(
                "%(name)s: “%(kind)s” is not a kind of payment. Choose one from the list.",
                field="kind",
                code="payment_kind_unknown",
                name=name,
                kind=money.kind,
            )
        )
    if money.method not in METHODS:
        found.append(
            Sentence(
                "%(name)s: “%(method)s” is not a way of paying. Choose one from the list.",
                field="method",
                code="method_unknown",
                name=name,
                method=money.method,
            )
        )
    if money.kind == DUES and not money.months:
        found.append(
            Sentence(
                "%(name)s: dues are paid for months. Name them.",
                field="months",
                code="months_missing",
                name=name,
            )
        )
    if money.kind != DUES and money.months:
        found.append(
            Sentence(
                "%(name)s: only dues are paid for months. Leave the months empty.",
                field="months",
                code="months_not_wanted",
                name=name,
            )
        )
    if (money.kind == SPECIAL) != bool(money.campaign):
        found.append(
            Sentence(
                "%(name)s: special dues name their campaign, and nothing else does.",
                field="campaign",
                code="campaign_missing",
                name=name,
            )
        )
    return found


def _against_the_months(money: Money, name: str, stays: Sequence[Stay]) -> list[Sentence]:
    found = []
    for month, _share in money.months:
        if month != first_of_month(month) or month < FIRST_MONTH:
            found.append(
                Sentence(
                    "%(name)s: there are no dues for %(month)s. They are paid for whole months "
                    "since 2008-04.",
                    field="months",
                    code="month_before_rules",
                    name=name,
                    month=written(month) if month == first_of_month(month) else month,
                )
            )
        elif not any(stay.touches(month, next_month(month)) for stay in stays):
            found.append(
                Sentence(
                    "%(name)s did not belong to the register in %(month)s and owes nothing for "
                    "it. Choose another month.",
                    field="months",
                    code="month_of_non_membership",
                    name=name,
                    month=written(month),
                )
            )
    return found


def paid_to(
    owed: Mapping[date, Decimal], paid: Mapping[date, Decimal], settled_to: date | None
) -> date | None:
    """Return the last month before which, itself included, nothing is open; None for no such.

    A gap stops it: who paid January and March is paid to January; a month that is owed with 0.00
    is none. Looked at are the months up to the end of the last year that something was paid for.
    Those up to ``settled_to`` were settled before the register knew of them.
    """
    if not paid:
        return settled_to
    settled, until = settled_to or date.min, date(max(paid).year + 1, 1, 1)
    known = {month for month in {*owed, *paid} if month < until}
    covered = {month for month in known if owed.get(month, 0) <= paid.get(month, 0)}
    first_open = min((month for month in known - covered if month > settled), default=date.max)
    before = [month for month in covered if month < first_open]
    return max([*before, settled]) if before or settled_to else None


def overpaid(owed: Mapping[date, Decimal], paid: Mapping[date, Decimal]) -> Decimal:
    """Return what was paid beyond what is owed, in yuan, for months of years that are assessed.

    What was paid for a month of a year in which nothing is owed yet was paid in advance.
    """
    assessed = {month.year for month in owed}
    beyond = (
        amount - owed.get(month, Decimal(0))
        for month, amount in paid.items()
        if month.year in assessed
    )
    return sum((each for each in beyond if each > 0), Decimal(0))


@dataclass(frozen=True)
class Arrears:
    """What one member has not paid: how many months, how many of them in a row, and how much."""

    months: int
    in_a_row: int
    amount: Decimal


def arrears(open_months: Mapping[date, Decimal]) -> Arrears:
    """Return the arrears of a member from the months that are open and what is missing in each."""
    longest = run = 0
    before: date | None = None
    for month in sorted(open_months):
        run = run + 1 if before and next_month(before) == month else 1
        longest, before = max(longest, run), month
    return Arrears(len(open_months), longest, sum(open_months.values(), Decimal(0)))
