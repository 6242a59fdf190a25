"""Records for tests: valid by default, so that a test names only what matters to it."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from branches.models import Grant, Organization
from members.models import Member
from members.rules import identity
from registry.calendar import PartialDate
from registry.models import User

_number = count(1)
LONG_AGO = date(2000, 1, 1)
TODAY = date(2026, 11, 20)
PASSWORD = "a long enough passphrase"


def an_organization(
    kind: str = "branch", parent: Organization | None = None, **fields: Any
) -> Organization:
    number = next(_number)
    defaults: dict[str, Any] = {
        "code": f"{number:06}",
        "name": f"Organisation {number}",
        "kind": kind,
        "parent": parent,
        "founded_on": LONG_AGO,
    }
    return Organization.found(**defaults | fields)


def a_committee(parent: Organization | None = None, **fields: Any) -> Organization:
    return an_organization("organ_committee", parent or a_work_committee(), **fields)


def a_work_committee(**fields: Any) -> Organization:
    return an_organization("work_committee", **fields)


def a_branch(parent: Organization | None = None, **fields: Any) -> Organization:
    return an_organization("branch", parent or a_committee(), **fields)


def an_id_number(born: date = date(1980, 5, 17), sex: str = "M", number: int | None = None) -> str:
    """A valid, invented ID number; every call another one."""
    serial = (number if number is not None else next(_number)) % 500
    region = 110101 + next(_number) % 899
    first_17 = f"{region}{born:%Y%m%d}{serial * 2 % 1000 + (sex == 'M'):03}"
    return first_17 + identity.check_digit(first_17)


def a_member(
    organization: Organization | None = None, *, since: date = LONG_AGO, **fields: Any
) -> Member:
    defaults: dict[str, Any] = {
        "name": "张三",
        "sex": "M",
        "ethnicity": "01",
        "born_on": PartialDate(1980, 5, 17),
        "id_number": an_id_number(),
        "joined_on": PartialDate(2005, 6, 1),
        "full_member_on": PartialDate(2006, 6, 1),
        "organization": organization or a_branch(),
    }
    member = Member(**defaults | fields)
    member.admit(since, today=TODAY)
    return member


def a_user(role: str = "", organization: Organization | None = None, **fields: Any) -> User:
    number = next(_number)
    defaults: dict[str, Any] = {"username": f"clerk{number}", "name": f"Clerk {number}"}
    user = User.objects.create_user(password=PASSWORD, **defaults | fields)
    if role:
        Grant.objects.create(user=user, organization=organization, role=role)
    return user
