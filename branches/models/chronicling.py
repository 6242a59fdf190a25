"""How the verbs write the chronicle, and where its paths come from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from branches.models.periods import Event, OrganizationPeriod
from branches.rules import tree
from registry.models import VersionedRecord

if TYPE_CHECKING:
    from branches.models.organizations import Organization
    from branches.models.reorganizations import Reorganization

CHRONICLED = ("name", "short_name", "kind", "sort", "parent_id", "path", "code")


class Chronicled(VersionedRecord):
    """An organisation and its chronicle; its columns stand in ``Organization``, hence ``Any``."""

    class Meta:
        abstract = True

    @staticmethod
    def _newest(organization: Organization | None) -> Any:
        """Return the organisation as it stands now that the tree is locked."""
        return organization and type(organization).objects.get(pk=organization.pk)

    def _begin(
        self: Any,
        on: date,
        event: str,
        document: str,
        act: Reorganization | None = None,
        path: str = "",
    ) -> None:
        self.periods.filter(valid_until__isnull=True).update(valid_until=on)
        line = self._as_period(on, event, document, act)
        OrganizationPeriod.objects.create(**line | {"path": path or self.path})

    def _begin_along(self: Any, on: date, document: str, act: Reorganization | None) -> None:
        """Continue the chronicle of everything below, at its new place, set by set."""
        below = type(self).objects.under(self).exclude(pk=self.pk).standing()
        OrganizationPeriod.objects.filter(organization__in=below, valid_until__isnull=True).update(
            valid_until=on
        )
        lines = [
            OrganizationPeriod(**each._as_period(on, Event.MOVED_ALONG, document, act))
            for each in below.only(*CHRONICLED)
        ]
        OrganizationPeriod.objects.bulk_create(lines, batch_size=500)

    def _as_period(
        self: Any, on: date, event: str, document: str, act: Reorganization | None
    ) -> dict[str, Any]:
        copied = {field: getattr(self, field) for field in CHRONICLED}
        return copied | {
            "organization": self,
            "valid_from": on,
            "event": event,
            "document": document,
            "act": act,
        }

    def places_since(self: Any, day: date) -> list[tuple[date, str]]:
        """Return where this organisation has stood since ``day``: (first day, path), in order."""
        places: list[tuple[date, str]] = []
        for period in self.periods.order_by("valid_from", "id"):
            held = period.valid_until is None or period.valid_until > max(day, period.valid_from)
            if held and (not places or places[-1][1] != period.path):
                places.append((max(day, period.valid_from) if places else day, period.path))
        return places or [(day, self.path)]

    @classmethod
    def _next_path(cls: Any, parent_path: str) -> str:
        """Return the first path at ``parent_path`` beyond all that were ever given out there.

        Asked of the chronicle too, so that none is given twice: an old one keeps telling where
        its organisation stood. Raises ValueError where the tree has no room.
        """
        end = tree.end_of(parent_path)
        tables: list[Any] = [OrganizationPeriod.objects, cls.objects]
        last = max(
            rows.filter(path__gt=parent_path, path__lt=end).aggregate(last=Max("path"))["last"]
            or ""
            for rows in tables
        )
        if not last:
            return tree.child_path(parent_path, 1)
        return tree.step_after(last[: len(parent_path) + tree.WIDTH])
