"""What the case page shows: gathered here so that the view only picks, asks, calls and tells."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts import access
from accounts.models import User
from cases import checks, desk, districts, engine, filings, kinds, others, passage, people, siblings, steps
from cases.checks import Check
from cases.deadlines import open_of, telling
from cases.errors import Refused
from cases.materials import may_open_sensitive
from cases.meetings import meeting_words
from cases.models import Case, CheckRun, Deadline, Decision, Material, Waiver
from cases.page import BY_OUTCOME, FELL_SHORT
from cases.queries import Document, demand_words, is_desk, required_materials
from cases.versions import moving
from cities import decisions
from cities.keys import ACTORS
from cities.models import Stage
from cities.permissions import HANDLE_CASES, VIEW_CASES
from cities.queries import guidance
from cities.rulebooks.describe import article_url
from records import words
from records.faces import tally
from records.models import Event

# What offices have decided, by the keys of their programmes.
Bound = Mapping[int, decisions.Binding]

_LEFT = "{}，还要办的列在页面上方。"
PASSED_BY = {"state": "", "note": "没有经过"}


def context(case: Case, user: Any, at: datetime) -> dict[str, Any]:
    given = list(case.waivers.select_related("limit__article", "by"))
    found = [with_consent(check, given, at) for check in findings(case, at)]
    deadline = open_of(case) if is_open(case) else None
    bound = bound_for([case], at)
    left = desk.left(case)
    return {
        "case": case,
        "now": at,
        "today": words.local_day(at),
        "stage_rows": stage_rows(case, at),
        "set_aside": set_aside_words(case.set_aside_reason),
        "deadline": deadline,
        "ledger": telling.lines(deadline),
        "unstarted_span": unstarted_span(case, bound),
        "repinned_at": repinned_at(case),
        "checks": found,
        "tally": tally(found) + _waived_words(found, given),
        "checked_at": checked_at(case, at),
        "guidance": guidance(case.procedure),
        "waivers": given,
        "facts_template": kinds.of(case).facts_template,
        "facts": case.submission,
        "filing": last_filing(case),
        "others": others.of(case, user),
        "siblings": siblings.of(case, user),
        "outcome": kinds.of(case).outcome(case, at) if not is_open(case) else None,
        "materials": material_rows(case, user),
        "may_open_sensitive": may_open_sensitive(user, case),
        "replaced": replaced(case),
        "timeline": timeline(case),
        "notes": desk.notes(case, user, at),
        "left": left,
        "since": desk.since(case),
        "who": _LEFT.format(case.get_result_display()) if left else who_acts(case, user),
        "district": district(case, user),
        "unit_url": reverse("unit", args=[case.programme.slug, case.organisation.credit_code]),
        "rulebook_url": rulebook_url(case),
        "edition_url": edition_url(case),
        "stage_article_url": article_url(case.rulebook, case.stage.article.number)
        if case.rulebook and case.stage
        else "",
        "correction_url": correction_url(case, user),
        "dossier_url": dossier_url(case, user),
    }


def with_consent(check: Check, given: Iterable[Waiver], at: datetime) -> Check:
    """A finding with what was consented to: it goes on counting for that value, also after the case was sent back."""
    mine = [one for one in given if one.check_key == check.key]
    if check.state != "ask" or not mine:
        return check
    last = max(mine, key=lambda one: one.at)
    said = (
        f"已同意突破“{last.value_text}”：{last.by.display_name}，{words.moment(last.at, words.local_day(at))}"
    )
    if checks.is_waived(check, mine):
        onward = "再次审定不另问，比这更差的须重新同意"
        return replace(check, evidence=[*check.evidence, f"{said}。{onward}"], advice="")
    return replace(check, evidence=[*check.evidence, f"{said}。现在更差，须重新同意"])


def _waived_words(found: Iterable[Check], given: list[Waiver]) -> str:
    number = sum(checks.is_waived(check, given) for check in checks.asking(found))
    return f"（{number} 项已同意突破）" if number else ""


def district(case: Case, user: Any) -> dict[str, str] | None:
    """Whose district's office has a desk in the procedure, and where a clerk says so."""
    place = districts.district_of(case)
    is_asked = place or case.procedure.stages.filter(actor=districts.DISTRICT).exists()
    if case.registration is None or not is_asked:
        return None
    change = reverse("admin:providers_registration_change", args=[case.registration.pk])
    may_change = access.may(user, HANDLE_CASES, case.programme)
    return {"name": place.name if place else "", "url": change if may_change else ""}


def last_filing(case: Case) -> filings.Filing | None:
    """Where a case was filed again after it was sent back: the filing that the page shows."""
    found = filings.filings(case)
    return found[-1] if len(found) > 1 else None


def repinned_at(case: Case) -> datetime | None:
    """When the case was last moved to the version it goes by, if it was not filed under it."""
    moved = case.events.filter(verb=moving.VERB).first()
    return moved.at if moved else None


def is_open(case: Case) -> bool:
    return case.status == Case.Status.OPEN


def findings(case: Case, at: datetime) -> list[Check]:
    """The filing checks as frozen, the state as it is now or as it was last asked, and the seals."""
    return [*steps.filing_checks(case), *state_findings(case, at), *seal_findings(case)]


def state_findings(case: Case, at: datetime) -> list[Check]:
    if is_open(case):
        return kinds.of(case).state_checks(case, at=at)
    run = last_state_run(case)
    return [Check.from_json(data) for data in run.checks] if run else []


def last_state_run(case: Case) -> CheckRun | None:
    return case.check_runs.filter(purpose=CheckRun.Purpose.STATE).first()


def checked_at(case: Case, at: datetime) -> datetime | None:
    if is_open(case):
        return at
    run = last_state_run(case)
    return run.at if run else None


def seal_findings(case: Case) -> list[Check]:
    """A person looks at seals: one finding for all documents that must bear one."""
    sealed = [one for one in required_materials(case) if one.row.sealed and one.material]
    if not sealed:
        return []
    left = [one.label for one in sealed if one.awaits_seal_check]
    unread = unread_seals(sealed)
    said = f"还没有核对：{'、'.join(left)}" if left else f"{len(sealed)} 份都已核对"
    return [
        Check(
            key="seals",
            title="材料加盖公章",
            passed=None if left or unread else True,
            message=f"{said}；{unread}" if unread else said,
            article=sealed[0].row.article.number,
            advice="打开下方材料，逐份点“章已核”" if left and is_open(case) else "",
        )
    ]


def unread_seals(documents: Iterable[Document]) -> str:
    """Whose seal somebody has confirmed without the file having been opened: not refused, but said."""
    unread = [one.label for one in documents if one.is_confirmed_unread]
    return f"核章时文件还没有打开看过：{'、'.join(unread)}" if unread else ""


def stage_rows(case: Case, at: datetime) -> list[dict[str, Any]]:
    """The line of stages: behind, present, ahead."""
    stages = case.procedure.stages.select_related("counting_rule").prefetch_related("outcomes")
    found = list(stages.order_by("order", "pk"))
    is_asked = any(row.span_set_by_office for row in found)
    bound = decisions.bindings([case.programme_id] if is_asked else [], at)
    rows = [_settled(row, case, bound) for row in found]
    last = {}
    for decision in case.decisions.select_related("by", "stage").order_by("at", "pk"):
        last[decision.stage.key] = decision
    left = passage.left(case)
    faces = []
    for row in rows:
        was_passed_by = _is_behind(case, row) and passage.was_passed_by(row, rows, left)
        face = PASSED_BY if was_passed_by else _stage_face(case, row, last.get(row.key), at)
        outcome = passage.way_out(case, row) if face["state"] == "done" else None
        if outcome and passage.fell_short(outcome):
            face = {"state": FELL_SHORT, "note": "，".join(filter(None, [outcome.label, face["note"]]))}
        faces.append({"label": row.label, **face})
    return faces


def _is_behind(case: Case, row: Stage) -> bool:
    return case.result == Case.Result.PUBLISHED or case.stage is None or row.order < case.stage.order


def _stage_face(case: Case, row: Stage, decision: Decision | None, at: datetime) -> dict[str, str]:
    today = words.local_day(at)
    here = case.stage
    if here is None or _is_behind(case, row):
        return {"state": "done", "note": _note_behind(case, row, decision, at)}
    if row.pk != here.pk:
        return {"state": "", "note": _note_ahead(row)} if is_open(case) else PASSED_BY
    if is_open(case):
        owner = f"{case.owner.display_name}，" if case.owner else ""
        since = f"{owner}{words.day(case.stage_since, today)} 起" if case.stage_since else ""
        return {"state": "held" if case.set_aside_at else "now", "note": since}
    closed = f"{words.day(case.closed_at, today)} {_ended_as(case, here)}" if case.closed_at else ""
    return {"state": "fail" if case.result == Case.Result.REFUSED else "", "note": closed}


def _ended_as(case: Case, here: Stage) -> str:
    """In the words of the rows where an outcome of theirs ended it."""
    outcome = passage.way_out(case, here) if case.result in BY_OUTCOME else None
    return outcome.label if outcome else str(case.get_result_display())


def _note_behind(case: Case, row: Stage, decision: Decision | None, at: datetime) -> str:
    today = words.local_day(at)
    if decision:
        return f"{decision.by.display_name}，{words.day(decision.at, today)}"
    if row.kind == "submission" and (filed_at := filings.last_filed_at(case)):
        return words.moment(filed_at, today)
    deadline = case.deadlines.filter(stage__key=row.key).exclude(state=Deadline.State.VOID).first()
    if deadline:
        return f"{words.day(deadline.opens_on, today)} 至 {words.day(deadline.closes_on, today)}"
    is_last = case.result == Case.Result.PUBLISHED and row.kind == "publication" and case.closed_at
    return f"{words.day(case.closed_at, today)}，{case.edition}" if is_last and case.closed_at else ""


def _note_ahead(row: Stage) -> str:
    choice = "" if row.requires == Stage.Requires.ALWAYS else row.get_requires_display()
    return "，".join(filter(None, [choice, _span_words(row)]))


def _span_words(row: Stage) -> str:
    return (
        words.count(row.span_number, row.counting_rule.unit) if row.span_number and row.counting_rule else ""
    )


def unstarted_span(case: Case, bound: Bound) -> str:
    """How long the present stage takes once it is begun, where its days do not run from its entry."""
    return _span_words(_settled(case.stage, case, bound)) if case.stage else ""


def bound_for(cases: Iterable[Case], at: datetime) -> Bound:
    """What the offices have decided, where a stage at which one of these is leaves its days to them."""
    asked = {case.programme_id for case in cases if case.stage and case.stage.span_set_by_office}
    return decisions.bindings(asked, at)


def _settled(row: Stage, case: Case, bound: Bound) -> Stage:
    if not row.span_set_by_office or case.programme_id not in bound:
        return row
    row.procedure = case.procedure  # the same by its key, and known already
    return bound[case.programme_id].settle(row)


def material_rows(case: Case, user: Any) -> list[dict[str, Any]]:
    """Every required material with what was filed against it; whether this person may confirm its seal now."""
    may_verify = is_open(case) and is_desk(case.stage) and not people.why_not(user, case)
    return [
        {
            "document": document,
            "article_url": article_url(document.row.rulebook, document.row.article.number),
            "can_verify": may_verify and document.awaits_seal_check,
        }
        for document in required_materials(case)
    ]


def replaced(case: Case) -> Iterable[Material]:
    """Earlier files of the application and of whom it is still about."""
    subjects = {"", *kinds.of(case).subjects(case)}
    rows = case.materials.filter(replaced_at__isnull=False, subject__in=subjects)
    return rows.select_related("file").order_by("-replaced_at")


def timeline(case: Case) -> list[dict[str, Any]]:
    """What was done, newest first, with the opinion that was given."""
    told = list(case.events.all())
    # The trail names nobody; who it was given to is looked up.
    owners = User.objects.in_bulk({pk for event in told if (pk := event.data.get("owner"))})
    return [
        {
            "at": event.at,
            "actor_name": event.actor_name,
            "article": event.article,
            **_event_words(event, owners),
        }
        for event in told
    ]


def _event_words(event: Event, owners: dict[int, User]) -> dict[str, str]:
    if owner := owners.get(event.data.get("owner", 0)):
        return {"summary": f"分派给 {owner.display_name}", "note": ""}
    if event.verb != "set_aside":
        opinion = event.data.get("opinion", "")
        note = words.lines(meeting_words(event.data), opinion, demand_words(event.data))
        return {"summary": event.summary, "note": note}
    what, _, reason = event.summary.partition("：")
    said, name = set_aside_words(reason)
    return {"summary": f"{what}：{said}", "note": name}


def who_acts(case: Case, user: Any) -> str:
    """Whom the case waits for, where this person has nothing to do on it."""
    if not is_open(case):
        return f"{case.get_result_display()}，没有要办的了。"
    if case.set_aside_at:
        return f"{engine.next_try(case)}；经办人查明原因以后可以重新办理。"
    if case.waiting_for == "provider":
        return f"等{case.organisation}{'补正' if case.is_editable else '答复'}。"
    if case.waiting_for == "system":
        if case.wake_at is None:
            return "等系统自动办理。"
        return f"{words.full_closes(case.wake_at)} 以后由系统自动办理，现在不用办。"
    if case.waiting_for not in people.DESK_PERMISSION:
        return f"等{ACTORS.get(case.waiting_for, '别人')}办理。"
    return people.why_not(user, case)


def rulebook_url(case: Case) -> str:
    """The public page of the version the case is pinned to."""
    return (
        f"{reverse('rulebook', args=[case.programme.slug])}?version={case.rulebook.version}"
        if case.rulebook
        else ""
    )


def edition_url(case: Case) -> str:
    """The public page of the list the application was made on."""
    return (
        reverse("edition", args=[case.programme.slug, case.base_edition.number]) if case.base_edition else ""
    )


def correction_url(case: Case, user: Any) -> str:
    """Where the office goes on with a case that it wrote, from paper or of itself."""
    mine = case.is_written_by_office and case.is_editable and access.may(user, HANDLE_CASES, case.programme)
    return kinds.of(case).edit_url(case) if mine else ""


def dossier_url(case: Case, user: Any) -> str:
    """Where all of it is taken out, for whoever sees the programme's cases."""
    may_have = access.may(user, VIEW_CASES, case.programme)
    return reverse("admin:cases_case_dossier", args=[case.pk]) if may_have else ""


def set_aside_words(reason: str) -> tuple[str, str]:
    """Why a case was set aside as staff read it, and the name of the error for the small print; the log has the rest."""
    name, colon, said = reason.partition("：")
    if not colon or not (name.isascii() and name.isidentifier()):
        return reason, ""
    return (said, "") if name == Refused.__name__ else ("系统出错，原因已记入日志", name)


def row_finding(case: Any) -> dict[str, str]:
    """The checks of a worklist row in a few words, from what was prefetched."""
    latest: dict[str, CheckRun] = {}
    for run in case.runs:
        latest.setdefault(run.purpose, run)
    found = [Check.from_json(data) for run in latest.values() for data in run.checks]
    failing = checks.forbidding(found)
    asking = checks.asking(found)
    waived = [check for check in asking if checks.is_waived(check, case.given_waivers)]
    open_ones = [check for check in asking if check not in waived]
    seals = case.unchecked_seals if case.status == Case.Status.OPEN else 0
    waiting = f"{seals} 份待核章" if seals else ""
    for rows, css, text in (
        (failing, "bad-text", "项不符"),
        (open_ones, "", "项原则上不符"),
        (waived, "", "项已同意突破"),
    ):
        if rows:
            return {
                "css": css,
                "text": "，".join(filter(None, [f"{len(rows)} {text}", waiting])),
                "note": rows[0].message,
                "article": rows[0].article,
            }
    if found and waiting:
        return {"css": "", "text": waiting, "note": "其余符合，材料的盖章由人核对", "article": ""}
    if not found:
        return {}
    # What a case was sent back for, an upheld objection say, no check asks about.
    if case.status == Case.Status.OPEN and case.attention:
        note = "系统不查退回的原因，由人判断"
        return {"css": "", "text": "系统查验的都符合", "note": note, "article": ""}
    return {"css": "good-text", "text": "全部符合", "note": "", "article": ""}
