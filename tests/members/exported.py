"""The page “export” filled in as a clerk does it, and what came of it."""

from __future__ import annotations

import json

from registry.models import Entry
from registry.models.log import Action

LIST = "/members/member/"
EXPORT = f"{LIST}export/"


def places(*names):
    """Numbers beside columns, in this order."""
    return {f"place-{name}": place for place, name in enumerate(names, 1)}


def export(client, *names, file_format="json", query="", address=EXPORT, **said):
    return client.post(
        f"{address}?{query}", {**places(*names), "file_format": file_format, "export": 1, **said}
    )


def objects(answer):
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json", errors(answer)
    return json.loads(answer.content)


def errors(answer):
    form = (answer.context or {}).get("form")
    return [sentence for each in form.errors.values() for sentence in each] if form else []


def exported():
    return Entry.objects.filter(action=Action.EXPORT)


def told(entry):
    return {name: new for name, _old, new in entry.changes}
