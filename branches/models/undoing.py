"""An organisation that was founded by mistake goes as if it had never been."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from branches.models.organizations import Organization
from branches.models.reorganizing import hold_tree
from registry.models import HeadingAnswer, ImportJob


@transaction.atomic
def take_out(organization: Organization) -> None:
    """Remove an organisation to which nothing has happened since its founding.

    Raises ValidationError with what hangs on it. Its place in the tree may be given out again, so
    uploads that were made for it must not be left either.
    """
    hold_tree()
    there = {"scope_path__gte": organization.path, "scope_path__lt": organization.end_path}
    hanging = {
        str(rows.model._meta.verbose_name_plural)
        for rows in (
            organization.party_groups.all(),
            ImportJob.objects.filter(**there),
            HeadingAnswer.objects.filter(**there),
        )
        if rows.exists()
    }
    try:
        with transaction.atomic():
            organization.delete()
    except ProtectedError as error:
        hanging |= {str(each._meta.verbose_name_plural) for each in error.protected_objects}
    if hanging:
        raise ValidationError(
            _("It has %(what)s by now. Dissolve it instead.") % {"what": ", ".join(sorted(hanging))}
        )
