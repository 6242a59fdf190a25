"""What tests of print jobs do alike: order one, work on it, read its page."""

from __future__ import annotations

from members.models import PrintJob
from tests.factories import TODAY

PAGE = "/print-jobs/"


def work(queue):
    task, said = queue.pop(0)
    task.func(*said)


def order(client, committee, **asked):
    said = {"organization": committee.pk, "on": f"{TODAY}", "bound": "zip", "paper": "roster"}
    return client.post(PAGE, said | asked, follow=True)


def job_of(client, committee, **asked) -> PrintJob:
    order(client, committee, **asked)
    return PrintJob.objects.latest("pk")


def address(job, step="") -> str:
    return f"{PAGE}{job.pk}/{step}"


def text_of(response) -> str:
    return response.content.decode()


def errors(response) -> list[str]:
    return [sentence for each in response.context["form"].errors.values() for sentence in each]
