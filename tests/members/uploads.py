"""Uploads through their pages, in one line each."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry.models import ImportJob
from tests.factories import TODAY
from tests.members.sheets_of_members import a_roster

ADD = "/registry/importjob/add/"


def upload(client, branch, data, name="roster.xlsx", **said):
    return client.post(
        ADD,
        {
            "file": SimpleUploadedFile(name, data),
            "kind": "members",
            "organization": branch.pk,
            "opening_on": str(TODAY),
            **said,
        },
        follow=True,
    )


def uploaded(client, branch, *rows, **roster):
    """The job of a roster that was uploaded with these rows."""
    upload(client, branch, a_roster(*rows, **roster))
    return ImportJob.objects.latest("id")


def page_of(job, step="change"):
    return reverse(f"admin:registry_importjob_{step}", args=[job.pk])


def step(client, job, step="apply", **said):
    return client.post(page_of(job, step), said, follow=True)


def say(client, job, **said):
    """Send the form of rows; ``cell__born_on="1985.12"`` speaks of the first row."""
    row = job.rows.order_by("id").first().pk
    fields = {}
    for name, value in said.items():
        what, _, about = name.partition("__")
        fields[f"{what}:{row}:{about}" if about else what] = value
    return client.post(page_of(job, "say"), fields, follow=True)


def text_of(answer):
    return answer.content.decode()
