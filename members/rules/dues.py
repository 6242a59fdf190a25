"""Monthly dues (党费): which rate applies to which base, and to what it is rounded.

Source: each scale names its own. To change a rate, add a scale with its first month; never edit
one that has been used, since what was assessed under it keeps the scale of its own time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import (
    MAX_EMAX,
    MAX_PREC,
    MIN_EMIN,
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    Context,
    Decimal,
)
from itertools import pairwise

from members.rules.codes import Entry, choices_of, table_of
from registry.sentences import Sentence

FEN = Decimal("0.01")
NOTHING = Decimal("0.00")
# Products and quotients by tens come out whole, however long a figure is.
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)

IN_SERVICE = "in_service"
RETIRED = "retired"
FIXED = "fixed"
DUES_CATEGORIES = table_of(
    Entry(IN_SERVICE, Sentence("rate of those in service"), "在职比例"),
    Entry(RETIRED, Sentence("rate of the retired"), "离退休比例"),
    Entry(FIXED, Sentence("fixed amount"), "定额"),
)


@dataclass(frozen=True)
class Band:
    """Bases up to ``up_to``, which is included; None is without end."""

    up_to: Decimal | None
    rate: Decimal  # share of the whole base, not only of the part above the band before


@dataclass(frozen=True)
class Scale:
    since: date  # first day of the first month it applies to
    source: str
    rates: Mapping[str, tuple[Band, ...]]  # by category, the lowest band first
    lowest_fixed: Decimal
    highest_fixed: Decimal


def _bands(*bands: tuple[str | None, str]) -> tuple[Band, ...]:
    return tuple(Band(Decimal(up_to) if up_to else None, Decimal(rate)) for up_to, rate in bands)


SCALES = (
    Scale(
        since=date(2008, 4, 1),
        source="关于中国共产党党费收缴、使用和管理的规定（中组发〔2008〕3号），articles 1 to 6",
        rates={
            IN_SERVICE: _bands(
                ("3000", "0.005"), ("5000", "0.01"), ("10000", "0.015"), (None, "0.02")
            ),
            RETIRED: _bands(("5000", "0.005"), (None, "0.01")),
        },
        lowest_fixed=Decimal("0.20"),
        highest_fixed=Decimal("1.00"),
    ),
)


@dataclass(frozen=True)
class Paying:
    """By what a member pays: a category of dues and, where the rule names one, the amount."""

    category: str
    amount: Decimal | None = None


# Every category of members.rules.codes. Somebody without a monthly wage pays by his average net
# income at the rates of those in service (article 4); a farmer's amount is set by his branch.
CATEGORIES = {
    "in_service": Paying(IN_SERVICE),
    "retired": Paying(RETIRED),
    "retired_veteran": Paying(RETIRED),
    "student": Paying(FIXED, Decimal("0.20")),
    "unemployed": Paying(FIXED, Decimal("0.20")),
    "farmer": Paying(FIXED),
    "other": Paying(IN_SERVICE),
}

ROUNDING_UNITS = table_of(
    Entry("0.01", Sentence("fen"), "分"),
    Entry("0.1", Sentence("jiao"), "角"),
    Entry("1", Sentence("yuan"), "元"),
)
ROUNDING_MODES = table_of(
    Entry("half_up", Sentence("half up"), "四舍五入"),
    Entry("up", Sentence("up"), "只入不舍"),
    Entry("down", Sentence("down"), "只舍不入"),
)
_MODES = {"half_up": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}


@dataclass(frozen=True)
class Rounding:
    """To which unit of yuan an office rounds, and which way."""

    unit: str
    mode: str

    def __post_init__(self) -> None:
        if self.unit not in ROUNDING_UNITS:
            raise ValueError(
                Sentence(
                    "“%(unit)s” is no unit of rounding. Choose 0.01, 0.1 or 1.", unit=self.unit
                )
            )
        if self.mode not in ROUNDING_MODES:
            raise ValueError(
                Sentence(
                    "“%(mode)s” is no way of rounding. Choose half_up, up or down.", mode=self.mode
                )
            )

    def of(self, amount: Decimal) -> Decimal:
        """Return ``amount`` rounded, in yuan with two digits."""
        rounded = amount.quantize(Decimal(self.unit), _MODES[self.mode], _EXACT)
        return rounded.quantize(FEN, context=_EXACT)


TO_THE_FEN = Rounding("0.01", "half_up")


REDUCED, EXEMPT, PAID_ELSEWHERE = "reduced", "exempt", "paid_elsewhere"
REDUCTIONS = table_of(
    Entry(REDUCED, Sentence("reduced"), "少交", ("减交", "减收")),
    Entry(EXEMPT, Sentence("exempt"), "免交", ("免收",)),
    # A floating member pays where he lives, on his 流动党员活动证.
    Entry(PAID_ELSEWHERE, Sentence("paid elsewhere"), "外地交纳", ("流动交纳",)),
)


def reduction_choices() -> list[tuple[str, str]]:
    return choices_of(REDUCTIONS)


def dues_category_choices() -> list[tuple[str, str]]:
    return choices_of(DUES_CATEGORIES)


def rounding_unit_choices() -> list[tuple[str, str]]:
    return choices_of(ROUNDING_UNITS)


def rounding_mode_choices() -> list[tuple[str, str]]:
    return choices_of(ROUNDING_MODES)


def monthly_dues(
    category: str, base: Decimal, month: date, rounding: Rounding = TO_THE_FEN
) -> Decimal:
    """Return the dues of one month in yuan, always with two digits.

    ``category`` is one of DUES_CATEGORIES. The rate applies to the whole ``base``, so dues jump
    at a threshold. In the category ``fixed`` the base is the amount itself and is not rounded.
    Nothing is due for a base of 0.

    Raises ValueError, with a Sentence, for a base that is no Decimal, negative, or no fixed
    amount of the rule, and for a month before the first scale. Source: ``scale_for(month)``.
    """
    scale = scale_for(month)
    _refuse_base(base)
    if category == FIXED:
        _refuse_fixed(base, scale)
        return base.quantize(FEN, context=_EXACT) if base else NOTHING
    rate = rate_for(category, base, month)
    return rounding.of(_EXACT.multiply(base, rate)) if base else NOTHING


def rate_for(category: str, base: Decimal, month: date) -> Decimal:
    """Return the share of the whole ``base`` that is due: Decimal("0.015").

    Raises ValueError for a category without rates and for what ``monthly_dues`` refuses.
    """
    scale = scale_for(month)
    _refuse_base(base)
    if category not in scale.rates:
        raise ValueError(
            Sentence(
                "“%(category)s” has no rate of dues. Choose in_service or retired.",
                category=category,
            )
        )
    for band in scale.rates[category]:
        if band.up_to is None or base <= band.up_to:
            return band.rate
    raise ValueError(
        Sentence(
            "The scale of %(since)s has no rate for a base of %(base)s. Its last band has no end.",
            since=f"{scale.since:%Y-%m}",
            base=base,
        )
    )


def scale_for(month: date) -> Scale:
    """Return the scale in force in ``month``; raise ValueError where none was."""
    for scale in reversed(SCALES):
        if scale.since <= date(month.year, month.month, 1):
            return scale
    raise ValueError(
        Sentence(
            "No dues scale is recorded for %(month)s; the first is of %(first)s.",
            month=f"{month:%Y-%m}",
            first=f"{SCALES[0].since:%Y-%m}",
        )
    )


def _refuse_base(base: Decimal) -> None:
    if not isinstance(base, Decimal) or not base.is_finite():
        raise ValueError(
            Sentence("The base is %(base)r; it has to be an exact decimal number.", base=base)
        )
    if base < 0:
        raise ValueError(Sentence("The base is %(base)s; it cannot be below 0.", base=base))


def _refuse_fixed(amount: Decimal, scale: Scale) -> None:
    whole_fen = amount == amount.quantize(FEN, context=_EXACT)
    if amount and not (scale.lowest_fixed <= amount <= scale.highest_fixed and whole_fen):
        raise ValueError(
            Sentence(
                "A fixed amount is between %(lowest)s and %(highest)s yuan, in whole fen; "
                "this one is %(amount)s.",
                lowest=scale.lowest_fixed,
                highest=scale.highest_fixed,
                amount=amount,
            )
        )


def objections_to(scales: Sequence[Scale]) -> list[Sentence]:
    """Return what is wrong with a table of scales: a hole, an overlap, a missing category.

    Each scale needs a rate for every base of every category, and a first month after the one
    before it.
    """
    found = []
    for earlier, later in pairwise(scales):
        if later.since <= earlier.since:
            found.append(
                Sentence(
                    "The scale of %(later)s comes after that of %(earlier)s. Put the older first.",
                    later=f"{later.since:%Y-%m}",
                    earlier=f"{earlier.since:%Y-%m}",
                )
            )
    for scale in scales:
        for category in (IN_SERVICE, RETIRED):
            found += _objections_to_bands(scale, category)
    return found


def _objections_to_bands(scale: Scale, category: str) -> list[Sentence]:
    bands = scale.rates.get(category, ())
    told = {"since": f"{scale.since:%Y-%m}", "category": DUES_CATEGORIES[category].label}
    ends = [band.up_to for band in bands]
    if not ends or ends[-1] is not None or None in ends[:-1]:
        return [
            Sentence(
                "The scale of %(since)s, %(category)s: the last band, and only it, has no end. "
                "Leave its upper bound empty.",
                **told,
            )
        ]
    bounds = [Decimal(0), *(end for end in ends if end is not None)]
    if any(upper <= lower for lower, upper in pairwise(bounds)):
        return [
            Sentence(
                "The scale of %(since)s, %(category)s: its bands do not rise. Put the lowest "
                "first, each once.",
                **told,
            )
        ]
    return []
