"""What a browser would send back from the form of a member."""

from __future__ import annotations

LIST = "/members/member/"
ADD = f"{LIST}add/"


def form_of(member):
    return f"{LIST}{member.pk}/change/"


def sent(bound):
    """What a browser would send back of one field."""
    value = bound.value()
    data = {}
    if value is not None and value is not False:
        data[bound.html_name] = "on" if value is True else value
    if bound.field.show_hidden_initial:
        data[bound.html_initial_name] = bound.initial
    return data


def shown(client, url):
    """What a browser would send back from the page at ``url``."""
    page = client.get(url)
    assert page.status_code == 200, page.headers
    context = page.context
    data = {}
    for bound in context["adminform"].form:
        data |= sent(bound)
    for inline in context["inline_admin_formsets"]:
        management = inline.formset.management_form
        data |= {management.add_prefix(name): value for name, value in management.initial.items()}
        for each in inline.formset.initial_forms:
            for bound in each:
                data |= sent(bound)
    if "once" in context and context["add"]:
        data["once"] = context["once"]
    return data


def save(client, url, **typed):
    return client.post(url, shown(client, url) | typed)


def errors(response):
    return {name: list(each) for name, each in response.context["adminform"].form.errors.items()}
