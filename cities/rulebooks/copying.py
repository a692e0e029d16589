"""A version copied to a draft, row by row: to amend it, to correct it, or to adopt a text for comment."""

from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from cities.models import Article, OfficialText, Programme, Rulebook
from cities.rulebooks import adopting, rows, schema, standing
from cities.rulebooks.errors import RulebookRefused
from records import events
from records.words import full_day

# What belongs to the version that is copied: when it was put up for comment, and from when it binds.
OWN = {"version", "standing", "effective_from", "consulted_from", "consulted_to", "moves_open_cases"}

Change = Rulebook.Change
# The key of each copy by the model and the key of its original.
Copies = dict[tuple[Any, Any], Any]

# What a version can be copied for.
CHANGES: dict[str, tuple[str, ...]] = {
    Rulebook.Standing.PUBLISHED: (Change.AMENDMENT, Change.CORRECTION),
    Rulebook.Standing.CONSULTATION: (Change.ADOPTION,),
}


def copy_to_draft(
    source: Rulebook, *, change: str, reason: str, by: Any, at: datetime, effective_from: date | None = None
) -> Rulebook:
    """The next version as a draft with all rows of `source`. Raises RulebookRefused where none can be begun."""
    with transaction.atomic():
        original = standing.locked(source)
        if reasons := _why_not(original, change, reason, effective_from):
            raise RulebookRefused(*reasons)
        draft = following(original, change, reason, by=by, at=at)
        draft.effective_from = effective_from
        if change == Change.ADOPTION:
            draft.title, draft.short_title = map(adopting.without_mark, (draft.title, draft.short_title))
            draft.interpretations = adopting.without_readings_of_comment(draft.interpretations)
        draft.save()
        copy_rows(original, draft)
        copy_texts(original, draft)
        _tell(original, draft, by=by, at=at)
    return draft


def why_not_copy(source: Rulebook) -> list[str]:
    """Why no draft can be made of it, whatever for."""
    reasons = []
    if draft := open_draft(source.programme):
        reasons.append(f"第 {draft.version} 版草稿还没有发布：先发布或放弃它，再复制。")
    newest = _newest(source.programme)
    if source.standing == Rulebook.Standing.PUBLISHED and newest and newest.version > source.version:
        reasons.append(f"第 {source.version} 版之后已有第 {newest.version} 版：复制那一版。")
    if source.standing == Rulebook.Standing.CONSULTATION and (adopted := _adopted(source)):
        reasons.append(f"这份征求意见稿已经采纳为第 {adopted.version} 版。")
    return reasons


def open_draft(programme: Programme) -> Rulebook | None:
    """A programme has one at a time."""
    return Rulebook.objects.filter(programme=programme, standing=Rulebook.Standing.DRAFT).first()


def _why_not(source: Rulebook, change: str, reason: str, effective_from: date | None) -> list[str]:
    reasons = why_not_copy(source)
    if change not in CHANGES.get(source.standing, ()):
        reasons.append(
            f"{source}是{source.get_standing_display()}，不能{Change(change).label}：已发布的版本才修订或更正，"
            "征求意见稿才采纳。"
        )
    if not reason.strip():
        reasons.append("写明为什么有这一版、依据哪份文件，不能留空。")
    if change == Change.ADOPTION and effective_from is None:
        reasons.append("写明从哪一天起施行。")
    if effective_from and source.effective_to and source.effective_to < effective_from:
        reasons.append(f"征求意见稿写明有效期至 {full_day(source.effective_to)}，不能晚于那一天起施行。")
    return reasons


def _newest(programme: Programme) -> Rulebook | None:
    published = Rulebook.objects.filter(programme=programme, standing=Rulebook.Standing.PUBLISHED)
    return published.order_by("version").last()


def _adopted(source: Rulebook) -> Rulebook | None:
    return source.following.filter(change=Change.ADOPTION, standing=Rulebook.Standing.PUBLISHED).first()


def following(source: Rulebook, change: str, reason: str, *, by: Any, at: datetime) -> Rulebook:
    """The next version of the programme, not saved yet, with the head of another."""
    columns = [key.column for key in schema.head(Rulebook).values() if key.column not in OWN]
    last = Rulebook.objects.filter(programme=source.programme).order_by("version").last() or source
    return Rulebook(
        programme=source.programme,
        version=last.version + 1,
        standing=Rulebook.Standing.DRAFT,
        change=change,
        change_reason=reason.strip(),
        based_on=source,
        drafted_at=at,
        drafted_by=by,
        **{column: getattr(source, column) for column in columns},
    )


def copy_rows(source: Rulebook, target: Rulebook) -> None:
    """Model after model, so that what a row refers to has been copied before it."""
    made: Copies = {}
    models_of_rows: tuple[type[models.Model], ...] = (Article, *schema.ROW_MODELS)
    for model in models_of_rows:
        originals = list(model._default_manager.filter(rulebook=source))
        copies = rows.put(target, [_copied(row, target, made) for row in originals])
        made |= {(model, row.pk): copy.pk for row, copy in zip(originals, copies, strict=True)}


def copy_texts(source: Rulebook, target: Rulebook) -> None:
    """A correction is of our rows: the official text that stands attached is still the one."""
    if target.change == Change.CORRECTION:
        for text in OfficialText.objects.filter(rulebook=source):
            _copied(text, target, {}).save()


def _copied(row: models.Model, target: Rulebook, made: Copies) -> models.Model:
    values: dict[str, Any] = {"rulebook": target}
    for field in row._meta.concrete_fields:
        if field.primary_key or field.name == "rulebook":
            continue
        value = getattr(row, field.attname)
        is_reference = isinstance(field, models.ForeignKey)
        values[field.attname] = made.get((field.related_model, value), value) if is_reference else value
    return type(row)(**values)


def _tell(source: Rulebook, draft: Rulebook, *, by: Any, at: datetime) -> None:
    events.record(
        "copy_rulebook",
        f"由第 {source.version} 版起草{draft}，{draft.get_change_display()}：{draft.change_reason}",
        at=at,
        by=by,
        article=draft.validity_article,
        data={"version": draft.version, "source": source.version, "change": draft.change},
        programme=draft.programme,
        city=draft.programme.city,
    )
