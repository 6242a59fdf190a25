"""The rulebook's tables as choices of columns, labelled in the language in use.

Ethnic groups, education and degrees are Chinese standards and read Chinese in both languages.
"""

from __future__ import annotations

from members.rules import (
    codes,
    committees,
    development,
    discipline,
    dues,
    dues_months,
    elections,
    findings,
    ledger,
    offices,
    placements,
    standing,
    terms,
    transfers,
)
from members.rules.development import dates, stopping
from registry.language import labelled, per_language


@per_language
def sexes() -> list[tuple[str, str]]:
    return labelled(codes.sex_choices())


@per_language
def ethnic_groups() -> list[tuple[str, str]]:
    return codes.ethnicity_choices()


@per_language
def educations() -> list[tuple[str, str]]:
    return codes.education_choices()


@per_language
def education_channels() -> list[tuple[str, str]]:
    return labelled(codes.channel_choices())


@per_language
def degrees() -> list[tuple[str, str]]:
    return labelled(codes.degree_choices())


@per_language
def kinds() -> list[tuple[str, str]]:
    return labelled(codes.kind_choices())


@per_language
def categories() -> list[tuple[str, str]]:
    return labelled(codes.category_choices())


@per_language
def leaving_reasons() -> list[tuple[str, str]]:
    return labelled(placements.leaving_choices())


@per_language
def posts() -> list[tuple[str, str]]:
    return labelled(offices.post_choices())


@per_language
def bodies() -> list[tuple[str, str]]:
    return labelled(offices.body_choices())


@per_language
def beginnings() -> list[tuple[str, str]]:
    return labelled(placements.beginning_choices())


@per_language
def endings() -> list[tuple[str, str]]:
    return labelled(placements.ending_choices())


@per_language
def finding_codes() -> list[tuple[str, str]]:
    return labelled(findings.finding_choices())


@per_language
def payment_methods() -> list[tuple[str, str]]:
    return labelled(ledger.method_choices())


@per_language
def payment_kinds() -> list[tuple[str, str]]:
    return labelled(ledger.payment_choices())


@per_language
def funds() -> list[tuple[str, str]]:
    return labelled(ledger.fund_choices())


@per_language
def account_entry_kinds() -> list[tuple[str, str]]:
    return labelled(ledger.entry_choices())


@per_language
def purposes() -> list[tuple[str, str]]:
    return labelled(ledger.purpose_choices())


def dues_categories() -> list[tuple[str, str]]:
    return labelled(dues.dues_category_choices())


@per_language
def rounding_units() -> list[tuple[str, str]]:
    return labelled(dues.rounding_unit_choices())


@per_language
def rounding_modes() -> list[tuple[str, str]]:
    return labelled(dues.rounding_mode_choices())


@per_language
def remittance_periods() -> list[tuple[str, str]]:
    return labelled(dues_months.period_choices())


@per_language
def reduction_kinds() -> list[tuple[str, str]]:
    return labelled(dues.reduction_choices())


@per_language
def development_steps() -> list[tuple[str, str]]:
    return labelled(development.step_choices())


@per_language
def acting_levels() -> list[tuple[str, str]]:
    return labelled(codes.choices_of(development.LEVELS))


@per_language
def rule_sets() -> list[tuple[str, str]]:
    return labelled(development.rule_set_choices())


@per_language
def stages() -> list[tuple[str, str]]:
    return labelled(development.stage_choices())


@per_language
def standings() -> list[tuple[str, str]]:
    return labelled(codes.choices_of(dates.STANDINGS))


@per_language
def stop_reasons() -> list[tuple[str, str]]:
    return labelled(stopping.stop_reason_choices())


@per_language
def elected_bodies() -> list[tuple[str, str]]:
    return labelled(terms.body_choices())


@per_language
def term_states() -> list[tuple[str, str]]:
    return labelled(terms.state_choices())


@per_language
def body_findings() -> list[tuple[str, str]]:
    return labelled(committees.finding_choices())


@per_language
def election_steps() -> list[tuple[str, str]]:
    return labelled(elections.step_choices())


@per_language
def notice_kinds() -> list[tuple[str, str]]:
    return labelled(terms.notice_choices())


@per_language
def transfer_kinds() -> list[tuple[str, str]]:
    return labelled(transfers.kind_choices())


@per_language
def transfer_directions() -> list[tuple[str, str]]:
    return labelled(transfers.direction_choices())


@per_language
def transfer_states() -> list[tuple[str, str]]:
    return labelled(transfers.state_choices())


@per_language
def transfer_endings() -> list[tuple[str, str]]:
    return labelled(transfers.ending_choices())


@per_language
def membership_decisions() -> list[tuple[str, str]]:
    return labelled(standing.decision_choices())


@per_language
def lost_reasons() -> list[tuple[str, str]]:
    return labelled(standing.lost_reason_choices())


@per_language
def floating_reasons() -> list[tuple[str, str]]:
    return labelled(standing.floating_reason_choices())


def provinces() -> list[tuple[str, str]]:
    return standing.province_choices()


@per_language
def discipline_kinds() -> list[tuple[str, str]]:
    return labelled(discipline.kind_choices())
