"""What stands in each place of the world that the walks of access go through, room by room."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from branches.models import Organization
from members.models import (
    AccountEntry,
    Attachment,
    Ballot,
    Candidate,
    Closing,
    Confirmation,
    ConfirmationRound,
    DevelopmentFile,
    DevelopmentPolicy,
    Discipline,
    Election,
    FloatingIn,
    FloatingOut,
    LocalStep,
    Member,
    Newcomer,
    Notice,
    Occasion,
    PartyWorker,
    Quota,
    Remittance,
    ReturnRun,
    SecondMembership,
    SentBack,
    StepTaken,
    Term,
    Transfer,
    TransferPolicy,
)
from registry.access import OPERATOR
from tests.factories import a_branch
from tests.members.development import a_file
from tests.members.transfers import a_newcomer, a_transfer, somebody_came


def development_of(organization: Organization, branch: Organization, mark: str) -> dict[type, Any]:
    """What is kept of one person's way to membership."""
    today = date(2026, 11, 20)
    file = a_file(branch, name=f"鲜{mark}", job_title=f"岗位{mark}", id_number="")
    step = LocalStep.objects.create(
        organization=organization,
        code=f"local_{organization.pk}",
        number="2-1",
        name=f"自步{mark}",
        after="first_talk",
        acts="branch",
        valid_from=today,
    )
    return {
        LocalStep: step,
        Quota: Quota.objects.create(organization=organization, year=2026, planned=3),
        DevelopmentPolicy: DevelopmentPolicy.objects.create(
            organization=organization, valid_from=today, four_eyes=True
        ),
        Occasion: Occasion.objects.create(
            step="oath",
            organization=branch,
            held_on=today,
            entered_on=today,
            facts={"place": f"礼堂{mark}"},
        ),
        DevelopmentFile: file,
        StepTaken: file.steps.get(),
        SentBack: SentBack.objects.create(
            file=file, step="activist_filed", reason=f"补材料{mark}", sent_back_on=today
        ),
        Attachment: Attachment.attach(file, f"扫描{mark}.pdf", b"%PDF-1.7", by=OPERATOR, on=today),
    }


def terms_of(organization: Organization, mark: str) -> dict[type, Any]:
    """A term, a letter about it, an election with a candidate, and a Party worker."""
    day = date(2021, 6, 10)
    term = Term.objects.create(organization=organization, began_on=day, years=5, due_on=day)
    election = Election.objects.create(organization=organization, opened_on=day, note=f"注{mark}")
    ballot = Ballot.objects.create(election=election, body="committee", seats=1)
    return {
        Term: term,
        Election: election,
        Ballot: ballot,
        Candidate: Candidate.objects.create(
            ballot=ballot, name_from_elsewhere=f"候{mark}", post="member"
        ),
        PartyWorker: PartyWorker.objects.create(
            organization=organization, name_from_elsewhere=f"务{mark}", worker_from=day
        ),
        Notice: Notice.objects.create(
            organization=organization,
            kind="reminder",
            issuer=organization,
            year=2026,
            number=1,
            issued_on=date(2026, 1, 10),
        ),
    }


def standing_of(branch: Organization, member: Member, mark: str) -> dict[type, Any]:
    """A time away, somebody from elsewhere, a second membership, and a decision against one."""
    day = date(2026, 1, 10)
    temporary = a_branch(branch.parent, name=f"临时{mark}支部", sort="temporary")
    return {
        FloatingOut: FloatingOut.objects.create(
            member=member, begins_on=day, place=f"外地{mark}", contact_person=f"联{mark}"
        ),
        FloatingIn: FloatingIn.objects.create(
            organization=branch, name=f"客{mark}", home=f"客家{mark}", begins_on=day
        ),
        SecondMembership: SecondMembership.objects.create(
            member=member, organization=temporary, begins_on=day
        ),
        Discipline: Discipline.objects.create(
            member=member,
            kind="warning",
            decided_on=day,
            until=date(2027, 1, 10),
            document=f"纪发{mark}",
            decided_by="机关纪委",
        ),
    }


def confirmations_of(
    organization: Organization, branch: Organization, mark: str
) -> dict[type, Any]:
    """A round that asks nobody, since no branch stood on its day, and what one has said in it."""
    opened = ConfirmationRound.objects.create(
        organization=organization,
        name=f"核对{mark}",
        as_at=date(1990, 6, 30),
        last_day=date(2026, 12, 10),
        path=organization.path,
        end_path=organization.end_path,
        opened_on=date(2026, 11, 20),
    )
    said = Confirmation.objects.create(
        round=opened,
        organization=branch,
        right=False,
        remark=f"缺员{mark}",
        confirmed_on=date(2026, 11, 20),
        full=1,
        probationary=0,
    )
    return {ConfirmationRound: opened, Confirmation: said}


def money_of(organization: Organization, mark: str) -> dict[type, Any]:
    """What the ledger of dues keeps of an organisation."""
    today, month = date(2026, 11, 20), date(2008, 4, 1)
    return {
        Closing: Closing.objects.create(organization=organization, month=month, closed_on=today),
        AccountEntry: AccountEntry.book(
            organization,
            today,
            kind="interest",
            day=today,
            amount=Decimal("1.00"),
            note=f"摘{mark}",
        ),
        Remittance: Remittance.objects.create(
            organization=organization,
            month_from=month,
            month_until=date(2008, 7, 1),
            paid=0,
            whole=0,
            share=50,
            due=0,
        ),
        ReturnRun: ReturnRun.objects.create(
            organization=organization, year=2008, share=50, decided_on=today
        ),
    }


def transfers_of(organization: Organization, member: Member, mark: str) -> dict[type, Any]:
    """Somebody on his way out, somebody who has come, and what the office has decided."""
    came = somebody_came(organization, a_newcomer(name=f"来{mark}"))
    return {
        Newcomer: came.newcomer,
        Transfer: a_transfer(member, to_outside=f"去处{mark}"),
        TransferPolicy: TransferPolicy.objects.create(
            organization=organization, valid_from=date(2026, 11, 1), fax=f"传真{mark}"
        ),
    }
