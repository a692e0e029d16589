"""What the pages of a hand-over share: a provider's own and the office's."""

from django.http import HttpRequest

from accounts import access, handovers, invitations, links
from accounts.errors import Refused
from accounts.forms import EVIDENCE_KINDS, EVIDENCE_MEGABYTES, HandoverForm
from records import clock, files


def hand_over(request: HttpRequest, form: HandoverForm) -> str:
    """Do what a valid form says; what to tell who did it. Empty where it was refused, which the form then says."""
    try:
        with files.whole():
            return _done(request, form)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except files.FileRefused as refusal:
        form.add_error("evidence", str(refusal))
    return ""


def _done(request: HttpRequest, form: HandoverForm) -> str:
    by, now, old, given = access.acting(request), clock.now(), form.old_grant, form.cleaned_data
    upload = given.get("evidence")
    stored = upload and files.store(
        upload, kinds=EVIDENCE_KINDS, max_megabytes=EVIDENCE_MEGABYTES, by=by, at=now
    )
    facts = {"stays": given["stays"] == "member", "reason": given["reason"], "evidence": stored}
    if form.member:
        handovers.to_member(old, form.member, by=by, at=now, **facts)
        return f"{form.member.display_name} 已是 {old.organisation} 的单位管理员，已写信告诉本单位的人。"
    base = links.base_url(request)
    offer, token = invitations.invite_to_hand_over(old, given["email"], by=by, at=now, base_url=base, **facts)
    return f"{invitations.invited_words(offer, links.invitation(token, base))}　对方接受时交接，在此以前管理员不变。"
