"""Which rows of an upload are applied follows from how often it was applied: none is rewritten."""

from typing import Any

from django.db import migrations, models

_WRITABLE = ("new", "changed")


def count(apps: Any, _schema: Any) -> None:
    apps.get_model("registry", "ImportJob").objects.filter(applied_at__isnull=False).update(
        times_applied=1
    )
    rows = apps.get_model("registry", "JobRow").objects
    rows.filter(applied=False, job__applied_at__isnull=False).update(judged_after=1)


def mark(apps: Any, _schema: Any) -> None:
    rows = apps.get_model("registry", "JobRow").objects
    taken = rows.filter(state__in=_WRITABLE, judged_after__lt=models.F("job__times_applied"))
    rows.filter(pk__in=taken.values("pk")).update(applied=True)


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_heard_of_jobs")]

    operations = [
        migrations.AddField(
            model_name="importjob",
            name="times_applied",
            field=models.PositiveIntegerField(
                default=0, help_text="How often the register has taken rows of it; see ``JobRow``."
            ),
        ),
        migrations.AddField(
            model_name="jobrow",
            name="judged_after",
            field=models.PositiveIntegerField(
                default=0, help_text="How often the job had been applied when the row was judged."
            ),
        ),
        migrations.RunPython(count, mark),
        migrations.RemoveField(model_name="jobrow", name="applied"),
    ]
