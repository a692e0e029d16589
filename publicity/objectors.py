"""How an objector is told what became of the objection: by letter where an e-mail address was left, otherwise by the desk.

The address stays in the objection: it is read, and the link to the receipt made, when a letter is sent.
"""

import re
import unicodedata
from datetime import datetime
from typing import Any

from cases.models import Case
from publicity import asked, receipts
from publicity.models import Objection, ObjectionAct
from records import letters
from records.letters import Envelope, NotNeeded
from records.models import Letter, LetterDelivery

Done = ObjectionAct.Done
TOLD_OF = (Done.LODGED, Done.ACCEPTED, Done.NOT_ACCEPTED, Done.CONCLUDED)
# With these an objection has ended, one way or the other.
OUTCOMES = (Done.NOT_ACCEPTED, Done.CONCLUDED)
# A letter that reaches nobody as it is.
STUCK = (LetterDelivery.State.FAILED, LetterDelivery.State.WITHHELD, LetterDelivery.State.NOT_NEEDED)
# In Latin letters: words and addresses are written without a space between them.
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")


def address(objection: Objection) -> str:
    """The e-mail address among what was left to reach the objector; empty where there is none, or more than one."""
    found = set(_MAIL.findall(unicodedata.normalize("NFKC", objection.contact)))
    return found.pop() if len(found) == 1 else ""


def tell(objection: Objection, done: str, case: Case, *, at: datetime) -> None:
    """Write to the objector of what has just been done, in the same transaction. Nothing that he typed is quoted: whose the
    address is nobody knows."""
    if not address(objection):
        return
    stage = objection.item.period.stage
    facts: dict[str, Any] = {
        "objection": objection,
        "what": objection.get_kind_display(),
        "period": objection.item.period,
        "programme": case.programme,
        "article": stage.objection_article or stage.article.number,
        "at": at,
    }
    if handled_by := asked.handling(stage, objection.received_on):
        assert stage.objection_counting is not None
        article = stage.objection_counting.article.number
        facts |= {"handled_by": handled_by, "handling_article": article}
    subject, body = letters.worded(f"objectors/{done}", facts)
    letters.write(
        _key(objection, done),
        [None],
        audience=Letter.Audience.OBJECTOR,
        kind=_kind(done),
        about=str(objection.pk),
        programme=case.programme,
        subject=subject,
        body=body,
        article=facts["article"],
        action="看办理情况",
        at=at,
    )


def mailed(objection: Objection) -> dict[str, LetterDelivery]:
    """The letters to the objector and how each fared, by what it tells of."""
    keys = {_key(objection, done): done for done in TOLD_OF}
    rows = LetterDelivery.objects.filter(letter__key__in=keys).select_related("letter").order_by("pk")
    return {keys[row.letter.key]: row for row in rows}


def untold(objection: Objection) -> str:
    """What the desk has to tell by other means, because no letter does: that it was taken up, or how it ended."""
    if objection.told_on or objection.state == Objection.State.RECEIVED:
        return ""
    if objection.is_open:
        is_told, done, what = objection.acts.filter(done=Done.TOLD).exists(), Done.ACCEPTED, "受理"
    else:
        is_refused = objection.state == Objection.State.NOT_ACCEPTED
        is_told, done, what = False, Done.NOT_ACCEPTED if is_refused else Done.CONCLUDED, "结果"
    letter = mailed(objection).get(done)
    return what if not is_told and (letter is None or letter.state in STUCK) else ""


def how_told(objection: Objection) -> str:
    if address(objection):
        return "已写信告知提出人。"
    return "提出人没有留邮箱，用电话或邮寄告知，再登记告知。"


def told_by_mail() -> list[tuple[Objection, datetime]]:
    """Those that ended and whose letter of it has gone out, and when; nobody has noted it yet."""
    untold = Objection.objects.exclude(state__in=Objection.OPEN).filter(told_on=None)
    keys = {_key(row, done): row for row in untold.select_related("item") for done in OUTCOMES}
    sent = LetterDelivery.objects.filter(letter__key__in=keys, state=LetterDelivery.State.SENT)
    rows = sent.order_by("sent_at", "pk").values_list("letter__key", "sent_at")
    return [(keys[key], sent_at) for key, sent_at in rows if sent_at]


def register() -> None:
    for done in TOLD_OF:
        letters.register_seal(_kind(done), _seal)


def _seal(delivery: LetterDelivery) -> Envelope:
    objection = Objection.objects.get(pk=delivery.letter.about)
    if not (to := address(objection)):
        raise NotNeeded("没有邮箱")
    return Envelope(to, receipts.url(objection))


def _kind(done: str) -> str:
    return f"objector_{done}"


def _key(objection: Objection, done: str) -> str:
    return f"objection:{objection.pk}:{done}"
