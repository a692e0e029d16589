"""An organisation's manager gives way to another in one act, so that it is never without one."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import checks, grants, letters, reasons, roles
from accounts.errors import Refused
from accounts.models import Grant, Handover, Invitation, User
from providers.models import Organisation
from records import events

BECOMES_MEMBER = "交出单位管理员后留任办事员"
BECOMES_MANAGER = "改任单位管理员"


@transaction.atomic
def begin(old: Grant, *, stays: bool, by: User, at: datetime, reason: str, evidence: Any = None) -> Handover:
    """Keep what is to be done, with nothing done yet. Raises Refused."""
    old = _fresh(old)
    organisation = _refuse_unfit(old, by, at, evidence)
    reasons.refuse(reason, "写明交接的理由，不能留空。")
    return Handover.objects.create(
        organisation=organisation,
        old=old,
        stays=stays,
        by=by,
        begun_at=at,
        reason=reason.strip(),
        evidence=evidence,
    )


@transaction.atomic
def to_member(
    old: Grant, new: User, *, stays: bool, by: User, at: datetime, reason: str, evidence: Any = None
) -> Handover:
    """Hand over to somebody who acts for the organisation already."""
    handover = begin(old, stays=stays, by=by, at=at, reason=reason, evidence=evidence)
    if not _membership(new, handover.organisation, at):
        raise Refused(
            f"{new.display_name} 不是 {handover.organisation} 的办事员。选一位办事员，或者写邮箱邀请。"
        )
    return carry_out(handover, new, at=at)


@transaction.atomic
def carry_out(handover: Handover, new: User, *, at: datetime) -> Handover:
    """Of two who come at once the second finds that the old grant has ended."""
    old, by, organisation = _locked(handover.old), handover.by, handover.organisation
    _refuse_unfit(old, by, at, handover.evidence)
    if new == old.user:
        raise Refused(f"{new.display_name} 就是现在的单位管理员，不用交接。")
    reason = f"管理员交接：{handover.reason}"[:200]
    handover.new = grants.grant(new, roles.PROVIDER_MANAGER, organisation, at=at, by=by, reason=reason)
    if held := _membership(new, organisation, at):
        grants.withdraw(held, at=at, by=by, reason=BECOMES_MANAGER)
    grants.withdraw(old, at=at, by=by, reason=reason)
    if handover.stays:
        grants.grant(old.user, roles.PROVIDER_MEMBER, organisation, at=at, by=None, reason=BECOMES_MEMBER)
    handover.done_at = at
    handover.save(update_fields=["new", "done_at"])
    _record(handover, old, new, at)
    letters.handed_over(handover, old.user, new, at)
    return handover


def of_invitation(invitation: Invitation) -> Handover | None:
    return Handover.objects.select_related("old", "by", "organisation").filter(invitation=invitation).first()


def _locked(old: Grant) -> Grant:
    """Hand-overs of one organisation are done one after the other."""
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(grants=old)
    return _fresh(old)


def _fresh(old: Grant) -> Grant:
    return Grant.objects.select_related("user", "organisation").get(pk=old.pk)


def _refuse_unfit(old: Grant, by: User, at: datetime, evidence: Any) -> Organisation:
    organisation = old.organisation
    if organisation is None or old.role != roles.PROVIDER_MANAGER or not old.is_active(at):
        raise Refused(
            "这位单位管理员的授权已经交接、收回或到期，没有可以交接的。打开“办事人员”看现在的管理员。"
        )
    if old.user_id == by.pk:
        return organisation
    if not checks.is_office_of(by, organisation):
        raise Refused("只能交接自己的管理员授权；本人已经不在的，由工作人员凭单位的证明办理。")
    if evidence is None:
        raise Refused("上传单位出具的证明（盖章的更换管理员函件），不能空着。")
    return organisation


def _membership(user: User, organisation: Organisation, at: datetime) -> Grant | None:
    held = user.grants.active(at).filter(organisation=organisation, role=roles.PROVIDER_MEMBER)
    return held.select_related("user", "organisation").first()


def _record(handover: Handover, old: Grant, new: User, at: datetime) -> None:
    stays = "，原管理员留任办事员" if handover.stays else ""
    evidence = handover.evidence
    events.record(
        "manager_handed_over",
        f"单位管理员由 {old.user_id} 号账号交给 {new.pk} 号账号：{handover.organisation}{stays}",
        at=at,
        by=handover.by,
        data={
            "handover": handover.pk,
            "old": old.pk,
            "new": handover.new.pk if handover.new else None,
            "reason": handover.reason,
            "evidence": evidence.sha256 if evidence else "",
        },
        organisation=handover.organisation,
    )
