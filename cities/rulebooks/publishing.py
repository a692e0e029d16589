"""A version comes into force: from a file, or from a draft that a second person publishes."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cities.models import Rulebook
from cities.rulebooks import adopting, checking, content, dump, schema, standing
from cities.rulebooks.content import Content
from cities.rulebooks.errors import RulebookRefused
from records import events
from records.models import Event
from records.personal import gate
from records.words import full_day

# What somebody does with a draft, in the words of its events.
EDITS = ("copy_rulebook", "edit_rulebook", "load_rulebook")


def publish(draft: Rulebook, *, effective_from: date, by: Any, at: datetime) -> Rulebook:
    """Put a draft in force from a day on. Raises RulebookRefused with everything that stands against it."""
    with transaction.atomic():
        rulebook = standing.locked(draft)
        rulebook.effective_from = effective_from
        if reasons := why_not_publish(rulebook, by=by, at=at):
            raise RulebookRefused(*reasons)
        put_in_force(rulebook, content.of_rulebook(rulebook), f"发布{rulebook}", by=by, at=at)
    return rulebook


def why_not_publish(draft: Rulebook, *, by: Any, at: datetime) -> list[str]:
    """Every reason, those of its rows included; without its day nothing is said about that."""
    if draft.standing != Rulebook.Standing.DRAFT:
        return [f"{draft}是{draft.get_standing_display()}，只有草稿才能发布。"]
    reasons = []
    if hand := by.acted_as(hands(draft)):
        reasons.append(f"{hand}起草或改过这份草稿：由另一位可以确认规则的人发布。")
    reasons += adopting.still_for_comment(draft)
    if draft.effective_from:
        reasons += _about_its_day(draft, timezone.localtime(at).date())
    asked_as = Rulebook.Standing.PUBLISHED if draft.effective_from else Rulebook.Standing.DRAFT
    return [
        *reasons,
        *map(str, checking.findings(draft, asked_as)),
        *personal_data(draft, content.of_rulebook(draft)),
    ]


def personal_data(rulebook: Rulebook, said: Content) -> list[str]:
    """Where in its rows a number of a person stands: everybody reads them."""
    return [f"{one}。规则会公开，删去后再发布。" for one in gate(dump.as_file(rulebook, said=said))]


def _about_its_day(draft: Rulebook, today: date) -> list[str]:
    reasons = []
    if draft.change == Rulebook.Change.CORRECTION and draft.begins < today:
        reasons.append(f"更正从发布当日（{full_day(today)}）或之后起施行：换一天。")
    return reasons + [f"{why}。" for why in standing.in_the_way(draft)]


def hands(draft: Rulebook) -> set[int]:
    """Everybody who had a part in a draft: who copied it, changed one of its rows or put a file in its place."""
    rows = [_history(model).filter(rulebook_id=draft.pk) for model in schema.ROW_MODELS]
    kept = [_history(Rulebook).filter(id=draft.pk), *rows]
    told = Event.objects.filter(
        programme=draft.programme_id, verb__in=EDITS, data__version=draft.version, actor__isnull=False
    )
    if draft.drafted_at:
        told = told.filter(at__gte=draft.drafted_at)
    people = [history.filter(history_user__isnull=False).values_list("history_user") for history in kept]
    found = {pk for (pk,) in told.order_by().values_list("actor").union(*people)}
    return found | ({draft.drafted_by_id} if draft.drafted_by_id else set())


def _history(model: Any) -> Any:
    return model.history.order_by()


def put_in_force(rulebook: Rulebook, said: Content, told: str, *, by: Any, at: datetime) -> None:
    """Last of all: from here on its rows refuse to be saved. The version before it ends on the day before. `said` is what they
    say."""
    standing.make_way(rulebook, by=by, at=at)
    rulebook.standing = Rulebook.Standing.PUBLISHED
    rulebook.digest = said.digest
    rulebook.published_at, rulebook.published_by = at, by
    rulebook.save()
    events.record(
        "publish_rulebook",
        f"{told}{_how(rulebook)}，{rulebook.begins:%Y-%m-%d} 起施行",
        at=at,
        by=by,
        article=rulebook.validity_article,
        data={
            "version": rulebook.version,
            "digest": rulebook.digest,
            "change": rulebook.change,
            "reason": rulebook.change_reason,
        },
        programme=rulebook.programme,
        city=rulebook.programme.city,
    )


def _how(rulebook: Rulebook) -> str:
    """Why there is this version, where it is not the first."""
    if rulebook.change == Rulebook.Change.FIRST:
        return ""
    reason = f"（{rulebook.change_reason}）" if rulebook.change_reason else ""
    return f"，{rulebook.get_change_display()}{reason}"
