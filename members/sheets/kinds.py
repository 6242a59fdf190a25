"""Every kind of sheet that can be uploaded, by its name."""

from __future__ import annotations

from branches.sheets.organizations import OrganizationResource
from members.sheets.development.register import DevelopmentResource
from members.sheets.dues.bases import BaseResource
from members.sheets.dues.paid_to import PaidToResource
from members.sheets.dues.payments import PaymentResource
from members.sheets.members import MemberResource
from registry.sheets.staging import Kind

KINDS: dict[str, Kind] = {
    each.sheet_kind: each
    for each in (
        MemberResource,
        OrganizationResource,
        BaseResource,
        PaymentResource,
        PaidToResource,
        DevelopmentResource,
    )
}
