from members.models.certificates import Certificate
from members.models.dues.accounts import AccountEntry
from members.models.dues.assessments import Assessment
from members.models.dues.bank import BankBalance
from members.models.dues.bases import BaseComponent, BasePart, DuesBase
from members.models.dues.closings import Closing
from members.models.dues.payments import Payment, PaymentMonth
from members.models.dues.policies import DuesPolicy
from members.models.dues.reductions import Reduction
from members.models.dues.remittances import Remittance, ReturnLine, ReturnRun
from members.models.dues.standings import DuesStanding
from members.models.dues.taking import Taking
from members.models.findings import Finding
from members.models.headcounts import Headcount
from members.models.layouts import Layout
from members.models.members import Member
from members.models.offices import Office, UnitHead
from members.models.own_fields import OwnField, own_fields_for
from members.models.people import Person, id_digest, phone_digest
from members.models.placements import Placement
from members.models.print_jobs import PrintJob, PrintState

__all__ = [
    "AccountEntry",
    "Assessment",
    "BankBalance",
    "BaseComponent",
    "BasePart",
    "Certificate",
    "Closing",
    "DuesBase",
    "DuesPolicy",
    "DuesStanding",
    "Finding",
    "Headcount",
    "Layout",
    "Member",
    "Office",
    "OwnField",
    "Payment",
    "PaymentMonth",
    "Person",
    "Placement",
    "PrintJob",
    "PrintState",
    "Reduction",
    "Remittance",
    "ReturnLine",
    "ReturnRun",
    "Taking",
    "UnitHead",
    "id_digest",
    "own_fields_for",
    "phone_digest",
]
