from members.models.certificates import Certificate
from members.models.confirmations import Confirmation, ConfirmationRound
from members.models.development.attachments import Attachment
from members.models.development.deadlines import Deadline
from members.models.development.files import DevelopmentFile
from members.models.development.occasions import Occasion
from members.models.development.policies import DevelopmentPolicy, LocalStep, Quota
from members.models.development.returns import SentBack
from members.models.development.steps import StepTaken
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
from members.models.figures.reports import DifferenceNote, FiguresReport, ReportedPerson
from members.models.figures.work_reports import TypedFigure, WorkReportTemplate
from members.models.findings import Finding
from members.models.headcounts import Headcount
from members.models.layouts import Layout
from members.models.members import Member
from members.models.offices import Office, UnitHead
from members.models.own_fields import OwnField, own_fields_for
from members.models.people import Person, id_digest, phone_digest
from members.models.placements import Placement
from members.models.print_jobs import PrintJob, PrintState
from members.models.standing.decisions import MembershipDecision
from members.models.standing.discipline import Discipline
from members.models.standing.floating import FloatingIn, FloatingOut
from members.models.standing.second import SecondMembership
from members.models.terms.ballots import Ballot, Candidate
from members.models.terms.elections import Election, ElectionStep
from members.models.terms.notices import Notice, NoticeLine
from members.models.terms.terms import Postponement, Term
from members.models.terms.workers import PartyWorker
from members.models.transfers.newcomers import Newcomer
from members.models.transfers.policies import TransferPolicy
from members.models.transfers.transfers import Transfer

__all__ = [
    "AccountEntry",
    "Assessment",
    "Attachment",
    "Ballot",
    "BankBalance",
    "BaseComponent",
    "BasePart",
    "Candidate",
    "Certificate",
    "Closing",
    "Confirmation",
    "ConfirmationRound",
    "Deadline",
    "DevelopmentFile",
    "DevelopmentPolicy",
    "DifferenceNote",
    "Discipline",
    "DuesBase",
    "DuesPolicy",
    "DuesStanding",
    "Election",
    "ElectionStep",
    "FiguresReport",
    "Finding",
    "FloatingIn",
    "FloatingOut",
    "Headcount",
    "Layout",
    "LocalStep",
    "Member",
    "MembershipDecision",
    "Newcomer",
    "Notice",
    "NoticeLine",
    "Occasion",
    "Office",
    "OwnField",
    "PartyWorker",
    "Payment",
    "PaymentMonth",
    "Person",
    "Placement",
    "Postponement",
    "PrintJob",
    "PrintState",
    "Quota",
    "Reduction",
    "Remittance",
    "ReportedPerson",
    "ReturnLine",
    "ReturnRun",
    "SecondMembership",
    "SentBack",
    "StepTaken",
    "Taking",
    "Term",
    "Transfer",
    "TransferPolicy",
    "TypedFigure",
    "UnitHead",
    "WorkReportTemplate",
    "id_digest",
    "own_fields_for",
    "phone_digest",
]
