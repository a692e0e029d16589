"""Which acts a unit is told of by letter, and what the letter says: one place, by the verb of the event or the role of the outcome.

The wording of each kind is `templates/letters/<kind>.txt`; its first line is the subject. No letter says who objected.
"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.queries import not_over, people_of, people_of_each
from cases import kinds
from cases.models import Case, Deadline
from cases.queries import is_desk
from cities.models import Outcome
from providers.models import Organisation
from records import letters, reads
from records.models import Event, Letter, LetterDelivery

BY_VERB = {
    "publicity.open": "publicity_opened",
    "publicity.take_down": "publicity_taken_down",
    "objection.lodge": "objection_lodged",
    "objection.dismiss": "objection_dismissed",
    "objection.not_accept": "objection_not_accepted",
    "objection.uphold": "objection_upheld_of_published",
    **dict.fromkeys(
        ("deadline.hold", "deadline.resume", "deadline.extend", "deadline.correct", "deadline.calendar"),
        "deadline_changed",
    ),
    "withdraw": "withdrawn",
    "stop": "stopped",
    "revoke": "revoked",
}
BY_ROLE = {
    Outcome.Role.RETURN: "returned",
    Outcome.Role.UPHELD: "objection_upheld",
    Outcome.Role.FAILED: "not_published",
}
# A step forward, by the stage that it leaves.
FORWARD_FROM = {"submission": "received", "review": "approved", "publication": "published"}


def tell(case: Case, event: Event, outcome: Outcome | None = None) -> Letter | None:
    """Write to the unit what has just been done to its case, in the same transaction; None for what stays in the office."""
    kind = _of_outcome(outcome) if outcome else BY_VERB.get(event.verb, "")
    kind = kinds.of(case).tells(case, kind, outcome)
    if case.channel == Case.Channel.OFFICE:
        _tell_others(case, event, kind)
    if not kind:
        return None
    article = event.article or case.procedure.article.number
    what = _composed(case, kind, at=event.at, article=article, event=event, outcome=outcome)
    return letters.write_first(f"event:{event.pk}", people_of(case.organisation, event.at), **what)


def _tell_others(case: Case, event: Event, kind: str) -> None:
    """Who has no case of his own there is told what becomes of what is listed of him."""
    for organisation, changed in kinds.of(case).others(case, kind) if kind else ():
        what = _composed(
            case,
            f"others/{kind}",
            at=event.at,
            article=event.article or case.procedure.article.number,
            event=event,
            organisation=organisation,
            changed=changed,
        )
        people = people_of(organisation, event.at)
        letters.write_first(f"event:{event.pk}:{organisation.pk}", people, **what)


def post(case: Case, kind: str, key: str, *, at: datetime, article: str, **facts: Any) -> Letter | None:
    """Write a letter of a kind to everybody who acts for the unit now; None where it is there already."""
    what = _composed(case, kind, at=at, article=article, **facts)
    return letters.write(key, people_of(case.organisation, at), **what)


def _composed(
    case: Case,
    kind: str,
    *,
    at: datetime,
    article: str,
    organisation: Organisation | None = None,
    **facts: Any,
) -> dict[str, Any]:
    organisation = organisation or case.organisation
    path, action = _where(case, kind, organisation)
    known = {"case": case, "deadline": _running(case), "article": article, "at": at}
    own = {"organisation": organisation, **kinds.of(case).letter_facts(case, kind, at)}
    subject, body = letters.worded(kind, {**known, **own, **facts})
    return {
        "kind": kind.replace("/", "_"),
        "programme": case.programme,
        "organisation": organisation,
        "case": case,
        "subject": subject,
        "body": body,
        "article": article,
        "path": path,
        "action": action,
        "at": at,
    }


def know_readers(cases: list[Case], at: datetime) -> None:
    """Read at once to whom the letters of all these will go."""
    organisations = [case.organisation for case in cases]
    for organisation, people in people_of_each(organisations, at).items():
        reads.tell(people_of, organisation, at, answer=people)


def send(at: datetime) -> int:
    """Send what waits, but not to who has ceased to act for the unit meanwhile."""
    still = not_over(at).filter(user=OuterRef("person"), organisation=OuterRef("letter__organisation"))
    to_units = LetterDelivery.objects.filter(letter__audience=Letter.Audience.UNIT)
    gone = to_units.filter(~Exists(still), state=LetterDelivery.State.WAITING)
    why = "已不为这个单位办事"
    gone.update(state=LetterDelivery.State.NOT_NEEDED, next_attempt_at=None, last_error=why)
    return letters.send_due(at)


def _of_outcome(outcome: Outcome) -> str:
    """What goes from desk to desk is not told: it may still be decided otherwise."""
    goes_on_at_a_desk = is_desk(outcome.next_stage)
    if outcome.role == Outcome.Role.FORWARD:
        stays_inside = is_desk(outcome.stage) and goes_on_at_a_desk
        return "" if stays_inside else FORWARD_FROM.get(outcome.stage.kind, "")
    if outcome.role == Outcome.Role.REFUSE:
        return "refused" if outcome.next_stage is None else ""
    return BY_ROLE.get(Outcome.Role(outcome.role), "")


def _running(case: Case) -> Deadline | None:
    """None of a case that is closed: its end ended it."""
    if case.status == Case.Status.CLOSED:
        return None
    return case.deadlines.filter(state__in=Deadline.OPEN).first()


def _where(case: Case, kind: str, organisation: Organisation) -> tuple[str, str]:
    """The page of the next step, and what it is called. A case is not shown to whom it only concerns."""
    if organisation != case.organisation:
        return reverse("unit", args=[case.programme.slug, organisation.credit_code]), "看名单"
    if kind in ("returned", "reminder") and case.channel == Case.Channel.ONLINE:
        return kinds.of(case).edit_url(case), "去补正"
    return reverse("case", args=[case.pk]), "查看这件"
