"""What the office does before a sanction or a removal is filed: note a ground, begin a case over it, write it, combine grounds."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse

from accounts import access
from cases import confidential, engine, grounds, kinds, proofs
from cases import steps as case_steps
from cases.errors import Problem, Refused
from cases.grounds import Opening
from cases.inbox import of_case
from cases.models import Case, GroundFound
from cases.queries import is_desk
from cities.models import Ground
from cities.permissions import HANDLE_CASES
from cities.queries import rulebook_in_force
from clearance import queries
from clearance.models import Measure
from providers import registry
from providers.models import Organisation, Registration
from records import events, files


def opening(ground: GroundFound, at: datetime) -> Opening:
    """For the inbox of what was found."""
    assert ground.ground is not None
    procedure = queries.procedure_of(ground.ground)
    if procedure is None:
        return Opening("", why_not=f"{ground.ground.rulebook}没有写由哪个程序办，不能立案。")
    if not queries.can_be_taken_up(ground.ground):
        why = f"“{procedure}”由单位申请（{procedure.article}），工作机构不能立案"
        return Opening("", why_not=f"{why}。单位没有申请的，写明理由不立案。")
    address = reverse("admin:clearance_measure_add")
    return Opening(f"立案：{procedure}", f"{address}?ground={ground.pk}")


def enter(
    ground: Ground,
    registration: Registration,
    *,
    evidence: str,
    uploads: Iterable[UploadedFile] = (),
    partner: Organisation | None = None,
    instead_of: GroundFound | None = None,
    by: Any,
    at: datetime,
) -> GroundFound:
    """Note what somebody of the office has found, with what it rests on and what proves it. Nothing is decided by it. `instead_of` was found already
    and named no row of the rules."""
    _refuse_entering(ground, registration, by, at)
    _refuse_incomplete(ground, evidence, partner)
    with files.whole():
        stored = proofs.keep(uploads, by=by, at=at)
        registry.lock(registration.programme)
        if instead_of:
            why = f"改按“{ground.label}”（{ground.article}）登记"
            grounds.set_aside(instead_of, reason=why, by=by, at=at)
        return grounds.find(
            "ground",
            f"entered:{uuid.uuid4()}",
            registration,
            label="工作人员登记",
            evidence=evidence.strip(),
            files=stored,
            by=by,
            at=at,
            ground=ground,
            partner=partner,
        )


def _refuse_entering(ground: Ground, registration: Registration, by: Any, at: datetime) -> None:
    if not access.may(by, HANDLE_CASES, registration.programme):
        raise Refused("情形由经办人登记，您没有这个角色。")
    if rulebook_in_force(registration.programme, at) != ground.rulebook:
        raise Refused(f"{ground.rulebook}现在不在施行，不能按它登记情形。")


def _refuse_incomplete(ground: Ground, evidence: str, partner: Organisation | None) -> None:
    article = ground.article.number
    if not evidence.strip():
        raise Refused("写明依据。", problems=[Problem("evidence", "写明依据，不能留空", article)])
    if wrong := _wrong_partner(ground, partner):
        raise Refused(f"{wrong}。", problems=[Problem("partner", wrong, article)])


def _wrong_partner(ground: Ground, partner: Organisation | None) -> str:
    """A ground of the unit itself names no partner: a case would be begun over every unit behind which that stands."""
    is_of_partner = ground.consequence == Ground.Consequence.PARTNER_REMOVAL
    if is_of_partner and partner is None:
        return "选是哪一家合作伙伴"
    if partner and not is_of_partner:
        return f"“{ground.label}”是单位自己的情形，合作伙伴一栏选“不涉及合作伙伴”"
    return ""


def begin(found: GroundFound, *, by: Any, at: datetime) -> Case:
    """Begin the case that a ground is dealt with by, or go on with the draft there is, which takes it up too."""
    if not access.may(by, HANDLE_CASES, found.programme):
        raise Refused("立案由经办人办理，您没有这个角色。")
    assert found.ground is not None
    procedure = queries.procedure_of(found.ground)
    if procedure is None or not queries.can_be_taken_up(found.ground):
        raise Refused(opening(found, at).why_not)
    with transaction.atomic():
        registry.lock(found.programme)
        case = case_steps.draft(procedure, found.registration, by=by, at=at, channel=Case.Channel.OFFICE)
        combine(case, found, by=by, at=at)
        return case


def combine(case: Case, found: GroundFound, *, by: Any, at: datetime) -> None:
    """Let a case that is still being written take up one more ground of the same kind."""
    with _editable(case) as measure:
        _refuse_other(measure.case, found)
        grounds.take_up(found, measure.case, by=by, at=at)
        measure.partner = measure.partner or found.partner
        measure.saved_at = at
        measure.save()


def take_out(case: Case, found: GroundFound, *, reason: str, by: Any, at: datetime) -> None:
    """Let a case over which nothing has been decided go on without one of its grounds, which waits again."""
    with engine.locked(case.pk) as (case, _):
        if why := why_not_taken_out(case):
            raise Refused(why)
        if found.case_id != case.pk:
            raise Refused(f"“{found}”不在 {case} 里，刷新页面再看。")
        said = f"移出情形：{found}。{reason.strip()}"
        grounds.put_back(found, reason=reason, by=by, at=at)
        measure, left = case.measure, queries.taken_up(case)
        measure.partner, measure.saved_at = (measure.partner if left else None), at
        measure.save()
        if not case.is_editable:
            case.submission = kinds.of(case).submission(case, at=at)
            engine.reschedule(case)
        _record("measure.take_out", said, case, by=by, at=at)


def why_not_taken_out(case: Case) -> str:
    """Why none of its grounds can be taken out; empty where one can. Once it is filed one has to be left."""
    if case.is_editable:
        return ""
    if case.status != Case.Status.OPEN or not is_desk(case.stage) or of_case(case).exists():
        return (
            f"{case} 已经告知单位或者作出决定，不能再移出情形（{case.stage or case.get_status_display()}）。"
        )
    if case.channel != Case.Channel.OFFICE or case.grounds.count() < 2:
        return f"{case} 只有一种情形，不能移出；不成立的，由审定人写明理由，不采取措施。"
    return ""


def _refuse_other(case: Case, found: GroundFound) -> None:
    key = found.ground.procedure_key if found.ground else ""
    if key != case.procedure.key:
        raise Refused(f"“{found}”不由“{case.procedure}”办，不能并入。")
    if found.partner_id and case.measure.partner_id not in (None, found.partner_id):
        raise Refused(
            f"{case.organisation}有一份关于{case.measure.partner}的草稿还没有提交。"
            f"先提交或者删除那一份，“{found}”再另立一件。"
        )


def save(case: Case, *, facts: str, demands: str, afterwards: str, at: datetime) -> None:
    """Keep what was typed, complete or not."""
    with _editable(case) as measure:
        confidential.refuse_telling([case], "facts", facts)
        confidential.refuse_telling([case], "demands", demands)
        measure.facts, measure.demands, measure.afterwards, measure.saved_at = facts, demands, afterwards, at
        measure.save()


def save_exit(case: Case, *, facts: str, acknowledged: bool, at: datetime) -> None:
    """What a unit writes that wants to leave; complete or not."""
    with _editable(case) as measure:
        measure.facts, measure.acknowledged, measure.saved_at = facts, acknowledged, at
        measure.save()


def note_afterwards(case: Case, text: str, *, by: Any, at: datetime) -> None:
    """List by hand what becomes of projects and subsidies, at any time before the case is closed; the case is locked."""
    if case.status != Case.Status.OPEN:
        raise Refused(f"{case} 已办结，不能再写。")
    case.measure.afterwards, case.measure.saved_at = text.strip(), at
    case.measure.save()


def choose_announcement(case: Case, announced: bool, *, why: str, by: Any, at: datetime) -> None:
    """Put on record whether the public is told of a removal, where the text leaves that open; the case is locked."""
    if case.status != Case.Status.OPEN:
        raise Refused(f"{case} 已办结，不能再登记。")
    confidential.refuse_telling([case], "why", why)
    case.measure.announced, case.measure.announced_why = announced, why.strip()[:300]
    case.measure.saved_at = at
    case.measure.save()
    said = f"移出以后{'公告' if announced else '不公告'}：{why.strip()}"
    _record("measure.announce", said, case, by=by, at=at)


def _record(verb: str, said: str, case: Case, *, by: Any, at: datetime) -> None:
    events.record(
        verb,
        said,
        at=at,
        by=by,
        article=case.procedure.article.number,
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )


@contextmanager
def _editable(case: Case) -> Iterator[Measure]:
    """Under the case's lock: what is filed at the same moment is frozen with all of this in it, or with none."""
    with engine.locked(case.pk) as (case, _):
        if not case.is_editable:
            raise Refused(f"{case} 已经提交，不能再改。要改，由审定人退回。")
        case_steps.refuse_ended(case)
        yield case.measure
