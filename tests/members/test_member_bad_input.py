"""What cannot be in a record gets a sentence, and nothing is changed."""

from __future__ import annotations

import pytest

from tests.factories import a_branch, a_member
from tests.members.filled_in import LIST, errors, form_of, save, shown

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "张三😀", "The name holds “😀”, which no name has. {as_on_card}"),
        ("name", "张\x07三", "The name holds U+0007, which no name has. {as_on_card}"),
        ("job_title", "科员😀", "The text holds “😀”, which cannot be printed. Take it out."),
        ("job_title", "科\x1b员", "The text holds U+001B, which cannot be printed. Take it out."),
        ("note", "字" * 32_767, "This has 32767 signs; 2000 fit. Shorten it."),
        ("born_on", "85-13", "“85-13” is not a date. Write it as 1985-06-12, 1985-06 or 1985."),
        ("sex", "X", "Select a valid choice. X is not one of the available choices."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(client, clerk, branch, field, typed, sentence):
    response = save(client, form_of(a_member(branch)), **{field: typed})
    sentence = sentence.format(as_on_card="Write the name as on the ID card.")
    assert errors(response) == {field: [sentence]}


def test_invisible_signs_are_taken_out_with_a_word_about_it(client, clerk, branch):
    member = a_member(branch)
    response = client.post(
        form_of(member),
        shown(client, form_of(member)) | {"name": "李\u200b四", "job_title": "科\u202e员"},
        follow=True,
    )
    member.refresh_from_db()
    assert (member.name, member.job_title) == ("李四", "科员")
    said = [str(message) for message in response.context["messages"]]
    assert "“李四” held invisible signs, which were removed." in said
    assert "Unit and post held invisible signs, which were removed." in said


def test_html_in_a_name_stays_text(client, clerk, branch):
    member = a_member(branch)
    save(client, form_of(member), name="<b>张</b>三", job_title="<script>alert(1)</script>")
    for url in (LIST, form_of(member), f"{LIST}{member.pk}/history/"):
        page = client.get(url).content.decode()
        assert "<b>张" not in page
        assert "<script>alert" not in page


def test_five_thousand_rows_of_offices_are_refused(client, clerk, branch):
    member = a_member(branch)
    response = save(client, form_of(member), **{"offices-TOTAL_FORMS": "5000"})
    [offices, _stays] = response.context["inline_admin_formsets"]
    assert offices.formset.non_form_errors()
    rows = {f"offices-{number}-{name}": "x" for number in range(5000) for name in ("post", "body")}
    assert client.post(form_of(member), rows).status_code == 400
    assert not member.offices.exists()


def test_a_half_filled_move_comes_back_after_the_login(client, clerk, branch):
    member, neighbour = a_member(branch), a_branch(branch.parent)
    page = f"/members/member/{member.pk}/move/"
    typed = {"organization": neighbour.pk, "on": "2024-06-01", "reason": "机构调整"}
    client.get(page)
    session = client.session
    session["active"] -= 15 * 60
    session.save()
    client.post(page, typed)
    client.force_login(clerk)
    form = client.get(page).context["form"]
    assert {name: str(form[name].value()) for name in typed} == {
        name: str(value) for name, value in typed.items()
    }
    member.refresh_from_db()
    assert member.organization == branch, "nothing is done by itself"
