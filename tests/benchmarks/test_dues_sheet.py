"""The collection sheet of sixty members: how long a clerk waits to open and to save it."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Payment
from registry.calendar import first_of_month
from tests.factories import TODAY, a_branch, a_member, a_user
from tests.members.dues import an_assessment

MEMBERS, ROUNDS = 60, 5


@pytest.mark.django_db
def test_a_sheet_of_sixty_members(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)
    branch = a_branch()
    members = [a_member(branch) for _ in range(MEMBERS)]
    for member in members:
        an_assessment(member, "10.00")
    client.force_login(a_user("branch_clerk", branch))
    address = f"/dues/collection/?organization={branch.pk}&year=2026"
    client.get(address)  # the templates are read once

    opening = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        page = client.get(address).content.decode()
        opening.append(time.perf_counter() - begun)

    hidden = dict(re.findall(r'name="(form_key|seen)" value="([^"]*)"', page))
    month = first_of_month(TODAY)
    cells = {f"pay-{member.pk}-{month:%Y-%m}": "10.00" for member in members}
    told = {"paid_on": f"{TODAY}", "method": "cash", "receipt_number": ""}
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(address, hidden | told | cells)
    saving = time.perf_counter() - begun
    assert answer.status_code == 302
    assert Payment.objects.count() == MEMBERS
    assert sum(Payment.objects.values_list("amount", flat=True)) == Decimal("600.00")
    # The figures are what a benchmark is for.
    print(  # noqa: T201
        f"\n    {connection.vendor}: {MEMBERS} members open in {median(opening) * 1000:.0f} ms, "
        f"are saved in {saving * 1000:.0f} ms with {len(asked)} queries"
    )
    assert median(opening) <= 0.3
    assert saving <= 0.8
    assert len(asked) <= 15
