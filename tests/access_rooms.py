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
    Election,
    LocalStep,
    Notice,
    Occasion,
    PartyWorker,
    Quota,
    Remittance,
    ReturnRun,
    SentBack,
    StepTaken,
    Term,
)
from registry.access import OPERATOR
from tests.members.development import a_file


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
