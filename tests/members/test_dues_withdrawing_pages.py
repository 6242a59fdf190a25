"""The buttons that withdraw a remittance or a return of dues, by real URLs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from members.models import Remittance, ReturnRun
from registry.models import Action, Entry
from tests.factories import LONG_AGO, TODAY, a_branch, a_member, a_user
from tests.members.dues import an_assessment
from tests.members.ledger import a_payment, a_policy, month

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def policy(committee):
    a_policy(committee)


@pytest.fixture
def run(committee):
    member = a_member(a_branch(committee, sort="retired"), since=LONG_AGO)
    an_assessment(member, "10.00", year=2025)
    a_payment(member, month(1, 2025), amount="100.00", paid_on=date(2025, 3, 10))
    return ReturnRun.propose(committee, 2025, date(2026, 1, 5))


@pytest.fixture
def remittance(committee):
    return Remittance.compute(committee, month(1), month(4))


def errors(answer) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return {name: [*found] for name, found in answer.context["form"].errors.items()}


def test_a_remittance_is_withdrawn_from_the_list_and_the_history_says_why(
    client, clerk, remittance
):
    url = f"/dues/remittances/{remittance.pk}/withdraw/"
    assert url in client.get("/dues/remittances/").content.decode()
    assert "2026-01–2026-03" in client.get(url).content.decode()
    assert Remittance.objects.exists(), "looking withdraws nothing"
    answer = client.post(url, {"reason": "算错了月份"}, follow=True)
    assert "Withdrawn. Its months can be computed once more." in answer.content.decode()
    assert not Remittance.objects.exists()
    entry = Entry.objects.get(model="members.remittance", action=Action.DELETE)
    assert (entry.reason, entry.user_id) == ("算错了月份", clerk.pk)
    assert client.post(url).status_code == 404


def test_a_remittance_that_was_sent_has_no_button_and_is_not_withdrawn(client, clerk, remittance):
    remittance.send(date(2026, 4, 2), Decimal("5.00"), TODAY)
    url = f"/dues/remittances/{remittance.pk}/withdraw/"
    assert url not in client.get("/dues/remittances/").content.decode()
    assert errors(client.post(url)) == {
        "__all__": ["5.00 yuan were sent on 2026-04-02. Reverse that entry first."]
    }


def test_a_return_is_withdrawn_while_nothing_is_paid_out(client, clerk, run):
    page, url = f"/dues/returns/{run.pk}/", f"/dues/returns/{run.pk}/withdraw/"
    assert url in client.get(page).content.decode()
    [line] = run.lines.all()
    line.pay_out(date(2026, 4, 2), TODAY)
    assert url not in client.get(page).content.decode()
    assert errors(client.post(url)) == {
        "__all__": [
            f"10.00 yuan were sent to {line.branch} on 2026-04-02. Reverse that entry first."
        ]
    }
    line.entry.reverse("wrong share", TODAY, TODAY)
    answer = client.post(url, follow=True)
    assert "Withdrawn. The year can be listed once more." in answer.content.decode()
    assert not ReturnRun.objects.exists()


def test_who_only_reads_and_who_stands_elsewhere_withdraws_nothing(
    client, committee, remittance, run
):
    urls = (f"/dues/remittances/{remittance.pk}/withdraw/", f"/dues/returns/{run.pk}/withdraw/")
    for user, status in (
        (a_user("reader", committee), 403),
        (a_user("committee_clerk", a_branch().parent), 404),
    ):
        client.force_login(user)
        for url in urls:
            assert client.get(url).status_code == status
            assert client.post(url).status_code == status
    assert (Remittance.objects.count(), ReturnRun.objects.count()) == (1, 1)
