"""The rulebook's tables as choices of columns, labelled in the language in use.

Ethnic groups, education and degrees are Chinese standards and read Chinese in both languages.
"""

from __future__ import annotations

from members.rules import codes, findings, offices, placements
from registry.language import labelled


def sexes() -> list[tuple[str, str]]:
    return labelled(codes.sex_choices())


def ethnic_groups() -> list[tuple[str, str]]:
    return codes.ethnicity_choices()


def educations() -> list[tuple[str, str]]:
    return codes.education_choices()


def education_channels() -> list[tuple[str, str]]:
    return labelled(codes.channel_choices())


def degrees() -> list[tuple[str, str]]:
    return labelled(codes.degree_choices())


def kinds() -> list[tuple[str, str]]:
    return labelled(codes.kind_choices())


def categories() -> list[tuple[str, str]]:
    return labelled(codes.category_choices())


def leaving_reasons() -> list[tuple[str, str]]:
    return labelled(placements.leaving_choices())


def posts() -> list[tuple[str, str]]:
    return labelled(offices.post_choices())


def bodies() -> list[tuple[str, str]]:
    return labelled(offices.body_choices())


def beginnings() -> list[tuple[str, str]]:
    return labelled(placements.beginning_choices())


def endings() -> list[tuple[str, str]]:
    return labelled(placements.ending_choices())


def finding_codes() -> list[tuple[str, str]]:
    return labelled(findings.finding_choices())
