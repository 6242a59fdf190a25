from members.models.dues.assessments import Assessment
from members.models.dues.bases import BaseComponent, BasePart, DuesBase
from members.models.dues.policies import DuesPolicy
from members.models.dues.reductions import Reduction
from members.models.findings import Finding
from members.models.headcounts import Headcount
from members.models.members import Member
from members.models.offices import Office, UnitHead
from members.models.own_fields import OwnField, own_fields_for
from members.models.people import Person, id_digest, phone_digest
from members.models.placements import Placement

__all__ = [
    "Assessment",
    "BaseComponent",
    "BasePart",
    "DuesBase",
    "DuesPolicy",
    "Finding",
    "Headcount",
    "Member",
    "Office",
    "OwnField",
    "Person",
    "Placement",
    "Reduction",
    "UnitHead",
    "id_digest",
    "own_fields_for",
    "phone_digest",
]
