"""What an office has answered about the columns of its sheets, so that it is asked only once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.fields import ByteOrderedCharField


class HeadingAnswer(models.Model):
    """Which field a heading means in the sheets of one office."""

    scope_path = ByteOrderedCharField(max_length=64, blank=True)
    kind = models.CharField(max_length=30)
    heading = models.CharField(max_length=100, help_text="in the form under which it is looked up")
    field = models.CharField(
        max_length=60, blank=True, help_text="“own:<name>” is an own field of the office, “” none"
    )

    class Meta:
        verbose_name = _("answer about a heading")
        verbose_name_plural = _("answers about headings")
        constraints = [
            models.UniqueConstraint(
                fields=["scope_path", "kind", "heading"], name="heading_answer_once_per_office"
            )
        ]

    def __str__(self) -> str:
        return f"{self.heading}: {self.field}"
