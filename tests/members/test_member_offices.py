"""Offices and stays on the page of a member."""

from __future__ import annotations

from datetime import date

import pytest

from members.models import Office
from registry.models import Entry
from tests.factories import TODAY, a_branch, a_member
from tests.members.filled_in import form_of, save, shown

pytestmark = pytest.mark.django_db


def office(branch, number=0, **typed):
    data = {
        "offices-TOTAL_FORMS": str(number + 1),
        f"offices-{number}-post": "secretary",
        f"offices-{number}-organization": branch.pk,
        f"offices-{number}-body": "committee",
        f"offices-{number}-held_from": "2024-01-01",
    }
    return data | {f"offices-{number}-{name}": value for name, value in typed.items()}


def test_an_office_begins_and_ends_on_the_members_page(client, clerk, branch):
    member = a_member(branch)
    assert save(client, form_of(member), **office(branch)).status_code == 302
    held = member.offices.get()
    assert (held.post, held.organization) == ("secretary", branch)
    assert Entry.objects.about(held).get().user == clerk
    save(client, form_of(member), **{"offices-0-held_until": "2025-01-01"})
    held.refresh_from_db()
    assert held.held_until == date(2025, 1, 1)


def test_a_second_secretary_is_saved_with_a_warning(client, clerk, branch):
    Office.objects.create(
        organization=branch,
        member=a_member(branch),
        post="secretary",
        held_from=date(2020, 1, 1),
    )
    member = a_member(branch)
    response = client.post(
        form_of(member), shown(client, form_of(member)) | office(branch), follow=True
    )
    assert [str(message) for message in response.context["messages"]][:1] == [
        "There is already a secretary at that time. Enter the last day of the other one."
    ]
    assert member.offices.count() == 1


def test_an_office_elsewhere_is_refused(client, clerk, branch, committee):
    for other in (a_branch(committee), a_branch(name="Foreign branch")):
        response = save(client, form_of(a_member(branch)), **office(other))
        [formset, _stays] = response.context["inline_admin_formsets"]
        assert list(formset.formset.errors[0]) == ["organization"]
        assert "Foreign branch" not in response.content.decode()
    assert not Office.objects.exists()


def test_a_stay_in_a_branch_of_somebody_else_stands_without_its_name(client, clerk, branch):
    member = a_member(a_branch(name="Foreign branch"))
    member.move_to(branch, TODAY)
    page = client.get(form_of(member)).content.decode()
    assert "Foreign branch" not in page
    assert str(branch) in page
