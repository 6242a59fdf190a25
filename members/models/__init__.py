from members.models.certificates import Certificate
from members.models.findings import Finding
from members.models.headcounts import Headcount
from members.models.layouts import Layout
from members.models.members import Member
from members.models.offices import Office, UnitHead
from members.models.own_fields import OwnField, own_fields_for
from members.models.people import Person, id_digest, phone_digest
from members.models.placements import Placement

__all__ = [
    "Certificate",
    "Finding",
    "Headcount",
    "Layout",
    "Member",
    "Office",
    "OwnField",
    "Person",
    "Placement",
    "UnitHead",
    "id_digest",
    "own_fields_for",
    "phone_digest",
]
