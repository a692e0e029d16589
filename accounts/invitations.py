"""Invitations to act for an organisation: a link that works once, for some days, and is nowhere kept readable."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts import checks, grants, handovers, letters, people, roles, tokens
from accounts.errors import Refused
from accounts.models import Grant, Invitation, User
from providers.models import Organisation
from records import events, words

DAY = timedelta(days=1)
# Of one organisation, to one address and in all.
MOST_TO_ONE, MOST_A_DAY = 3, 50


@transaction.atomic
def invite(
    organisation: Organisation, email: str, role: str, *, by: User, at: datetime, base_url: str
) -> tuple[Invitation, str]:
    """Offer somebody a role; an earlier open offer to the same address ends. Nothing tells whether the address is known.

    The second value is the token: the inviter sees it this once, the letter gets it when it is sent.
    """
    if not checks.may_invite(by, organisation, role):
        raise Refused(
            f"您不能为 {organisation} 邀请{roles.LABELS.get(role, role)}。"
            "单位管理员可以邀请本单位人员；经办人可以为名单内的单位邀请管理员。"
        )
    # One at a time: of two at once neither would end the other.
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation.pk)
    _refuse_flood(organisation, email, at)
    for earlier in Invitation.objects.pending(at).filter(organisation=organisation, email__iexact=email):
        revoke(earlier, at=at, by=by)
    pk = uuid.uuid4()
    token = tokens.new(pk)
    invitation = Invitation.objects.create(
        pk=pk,
        organisation=organisation,
        role=role,
        email=email,
        token_digest=tokens.digest(token),
        created_at=at,
        expires_at=at + timedelta(days=settings.INVITATION_DAYS),
        invited_by=by,
    )
    _record("invited", f"邀请{invitation.get_role_display()}", invitation, at=at, by=by)
    letters.invite(invitation, base_url)
    return invitation, token


def _refuse_flood(organisation: Organisation, email: str, at: datetime) -> None:
    """Each is a letter to somebody who has not asked for it."""
    lately = Invitation.objects.filter(organisation=organisation, created_at__gt=at - DAY, created_at__lte=at)
    if lately.filter(email__iexact=email).count() >= MOST_TO_ONE:
        raise Refused(
            f"24 小时内已给 {email} 寄过 {MOST_TO_ONE} 次邀请，明天再寄。请对方找最近一封，也看看垃圾邮件；邮箱写错的，换一个。"
        )
    if lately.count() >= MOST_A_DAY:
        raise Refused(
            f"24 小时内 {organisation} 已发出 {MOST_A_DAY} 个邀请，明天再发。急需的，联系工作人员。"
        )


def find(token: str, at: datetime) -> Invitation:
    """Raises Invitation.DoesNotExist for a token that was never given out, Refused for one that works no more."""
    invitation = Invitation.objects.select_related("organisation", "invited_by").get(
        token_digest=tokens.digest(token)
    )
    _refuse_over(invitation, at)
    return invitation


@transaction.atomic
def invite_to_hand_over(
    old: Grant,
    email: str,
    *,
    stays: bool,
    by: User,
    at: datetime,
    reason: str,
    base_url: str,
    evidence: Any = None,
) -> tuple[Invitation, str]:
    """Offer an organisation's management to somebody new; the old manager remains until the offer is taken up."""
    handover = handovers.begin(old, stays=stays, by=by, at=at, reason=reason, evidence=evidence)
    offer, token = invite(
        handover.organisation, email, roles.PROVIDER_MANAGER, by=by, at=at, base_url=base_url
    )
    handover.invitation = offer
    handover.save(update_fields=["invitation"])
    return offer, token


@transaction.atomic
def accept(invitation: Invitation, user: User, *, at: datetime) -> Grant:
    """Take up an offer. Raises Refused; of two who use the link at once, one gets it."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation", "invited_by")
        .get(pk=invitation.pk)
    )
    _refuse_over(invitation, at)
    held = _granted(invitation, user, at)
    invitation.accepted_at, invitation.accepted_by = at, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _record(
        "invitation_accepted", f"接受邀请，担任{invitation.get_role_display()}", invitation, at=at, by=user
    )
    return held


def _granted(invitation: Invitation, user: User, at: datetime) -> Grant:
    if handover := handovers.of_invitation(invitation):
        done = handovers.carry_out(handover, user, at=at)
        assert done.new is not None
        return done.new
    inviter = invitation.invited_by
    return grants.grant(user, invitation.role, invitation.organisation, at=at, by=inviter, reason="接受邀请")


@transaction.atomic
def accept_as_new(
    invitation: Invitation, *, username: str, full_name: str, password: str, at: datetime
) -> User:
    """Take up an offer with an account made for it, at the address it was sent to."""
    user = people.create(username, full_name, invitation.email, password, at=at, by=None)
    accept(invitation, user, at=at)
    return user


@transaction.atomic
def revoke(invitation: Invitation, *, at: datetime, by: User) -> Invitation:
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=invitation.pk)
    )
    if invitation.accepted_at:
        raise Refused("邀请已被接受，收不回了。要让对方不再办事，收回其授权。")
    if invitation.revoked_at:
        raise Refused("邀请已经收回，不用再收。")
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    _record("invitation_revoked", f"收回{invitation.get_role_display()}邀请", invitation, at=at, by=by)
    return invitation


def invited_words(offer: Invitation, link: str) -> str:
    """What the inviter is told: the one time the link is shown."""
    return (
        f"邀请马上寄到 {offer.email}，{words.second(offer.expires_at)} 到期。{_replaced_words(offer)}"
        f"也可以把链接转给对方，只在这里显示这一次：{link}"
    )


def _replaced_words(offer: Invitation) -> str:
    earlier = list(_to_the_same(offer).filter(revoked_at=offer.created_at))
    if not earlier:
        return ""
    handover = "，随它办的更换管理员也不再办" if any(map(handovers.of_invitation, earlier)) else ""
    return f"以前给这个邮箱的邀请（{earlier[0].get_role_display()}）作废，旧链接不能再用{handover}。"


def _is_replaced(invitation: Invitation) -> bool:
    """Whether it ended because another was sent in its place."""
    ended_at = invitation.revoked_at
    return ended_at is not None and _to_the_same(invitation).filter(created_at=ended_at).exists()


def _to_the_same(invitation: Invitation) -> QuerySet[Invitation]:
    others = Invitation.objects.filter(organisation=invitation.organisation, email__iexact=invitation.email)
    return others.exclude(pk=invitation.pk)


def _refuse_over(invitation: Invitation, at: datetime) -> None:
    again = f"需要的话，向 {invitation.organisation} 的管理员或工作人员重新要一个链接。"
    if invitation.accepted_at:
        raise Refused(
            f"这个邀请 {words.second(invitation.accepted_at)} 已被接受，链接只能用一次。接受过的，直接登录。"
        )
    if invitation.revoked_at and _is_replaced(invitation):
        raise Refused(
            f"{words.second(invitation.revoked_at)} 给同一个邮箱寄了新的邀请，这个链接作废。用最新那封信里的链接；找不到的，"
            f"向 {invitation.organisation} 的管理员或工作人员再要一个。"
        )
    if invitation.revoked_at:
        raise Refused(f"这个邀请 {words.second(invitation.revoked_at)} 已被收回。{again}")
    if invitation.expires_at <= at:
        raise Refused(f"这个邀请 {words.second(invitation.expires_at)} 已到期。{again}")
    if not checks.may_invite(invitation.invited_by, invitation.organisation, invitation.role):
        raise Refused(f"邀请人已不能代表 {invitation.organisation} 邀请人员，邀请失效。{again}")


def _record(verb: str, what: str, invitation: Invitation, *, at: datetime, by: User) -> None:
    """Without the address: the trail holds none of what is personal."""
    events.record(
        verb,
        f"{what}：{invitation.organisation}",
        at=at,
        by=by,
        data={"invitation": str(invitation.pk), "role": invitation.role},
        organisation=invitation.organisation,
    )
