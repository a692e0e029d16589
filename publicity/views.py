from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from cases import kinds
from cases.errors import Refused
from cities import decisions, keys
from cities.models import Programme
from cities.rulebooks import articles
from publicity import aftermath, evidence, gate, queries, receipts, sentences, steps
from publicity.asked import handling, of
from publicity.forms import BoardFilter, ObjectionForm, ReceiptForm
from publicity.models import Objection, ObjectionAct
from publicity.queries import ItemFace, PeriodFace
from publicity.stage import sends_back_to
from records import beside, clock, faces, throttle
from records.pages import page_or_404

WRONG = 422  # nothing was done, the page says what to mend
TOO_MANY = 429
PER_PAGE = 20
# What more cases than this show stands folded, each under its unit.
FOLDS_AFTER = 3
MOST_LOOK_UPS = 20
SHUT = (
    "一小时内从您所在的网络对这次公示提交得太多，这一次没有收。写好的都在下面，一小时后再提交；"
    "急的交书面异议，以收到的日期为准"
)


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    form = BoardFilter(request.GET, programmes=list(Programme.objects.select_related("city")))
    chosen = form.chosen() if form.is_valid() else None
    rows = queries.Board(now, chosen)
    tally = rows.tally
    page = page_or_404(rows, PER_PAGE, request.GET.get("page", "1"))
    found = queries.faces(queries.by_key(page.object_list), now)
    groups = [
        [face for face in found if face.phase == phase]
        for phase in (queries.OPEN, queries.ENDED, queries.OVER)
    ]
    context = {
        "now": now,
        "form": form,
        "page": page,
        "tally": tally,
        "title": sentences.board_title(tally, now),
        "open": groups[0],
        "ended": groups[1],
        "over": groups[2],
    }
    return render(request, "publicity/board.html", context, status=200 if form.is_valid() else 400)


@require_safe
def period(request: HttpRequest, pk: UUID) -> HttpResponse:
    face = _face_or_404(pk)
    asked = of(face.period.stage)
    form = None
    if face.is_open:
        form = ObjectionForm(
            items=_choices(face),
            asked=asked,
            at=face.now,
            period=pk,
            met=gate.expect(request, pk),
            initial=_chosen(request),
        )
    return _show(request, face, form)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The list of a batch leads to the form with its case chosen."""
    return {"item": request.GET["item"]} if "item" in request.GET else {}


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take in an objection. Who is logged in does not matter, and nothing that is written carries it."""
    if request.method != "POST":
        return redirect(f"{reverse('period', args=[pk])}#object")
    face = _face_or_404(pk)
    met = gate.judge(request, pk)
    if sent := gate.already_lodged(request.POST.get("opened", ""), pk):
        return redirect(receipts.url(sent))
    form = _bound(request, face, met)
    if met.is_shut:
        form.is_valid()
        form.add_error(None, SHUT)
        return _show(request, face, form, status=TOO_MANY)
    if form.is_valid() and (objection := _lodge(request, face, form)):
        return redirect(receipts.url(objection))
    return _show(request, face, form, status=WRONG)


@never_cache
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Proof of lodging and where it stands; of whom lodged it nothing."""
    try:
        objection = receipts.find(token)
    except Objection.DoesNotExist:
        raise Http404("没有这张回执。地址要和提交后给出的一样，一个字都不能少。") from None
    context = {
        "now": clock.now(),
        "objection": objection,
        "aftermath": aftermath.of(objection),
        "code": receipts.code(objection),
        "handled_by": handling(objection.item.period.stage, objection.received_on),
        "acts": objection.acts.exclude(done=ObjectionAct.Done.NOTED),
    }
    response = render(request, "publicity/receipt.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipts_page(request: HttpRequest) -> HttpResponse:
    """Look an objection up by the number and the code of its receipt; the number alone tells nothing."""
    form = ReceiptForm(request.POST or None)
    if request.method != "POST":
        return render(request, "publicity/receipts.html", {"now": clock.now(), "form": form})
    status = WRONG
    if form.is_valid():
        number, code = form.cleaned_data["number"], form.cleaned_data["code"]
        if _looked_up_too_often(request):
            status = TOO_MANY
            form.add_error(None, "查得太多了，一小时后再查。也可以打电话问受理的部门")
        elif objection := receipts.look_up(number, code):
            return redirect(receipts.url(objection))
        else:
            form.add_error(None, "回执编号和查询码对不上，照回执核对后再查")
    return render(request, "publicity/receipts.html", {"now": clock.now(), "form": form}, status=status)


def _looked_up_too_often(request: HttpRequest) -> bool:
    """From one network. Not by number: strangers must not shut out whom it belongs to, and nobody guesses 50 bits."""
    return throttle.count("receipt", throttle.network_of(request), seconds=gate.WINDOW) > MOST_LOOK_UPS


def _face_or_404(pk: UUID) -> PeriodFace:
    found = queries.faces(queries.periods().filter(pk=pk), clock.now(), with_shown=True)
    if not found:
        raise Http404("没有这次公示。地址写错了，或者公示已删除。")
    return found[0]


def _choices(face: PeriodFace) -> list[tuple[str, str]]:
    """Of a period taken down nothing is told, also not in a form that comes back."""
    return [(str(row.item.pk), _choice(face, row)) for row in face.items if row.is_open or not face.is_open]


def _choice(face: PeriodFace, row: ItemFace) -> str:
    return "本次公示" if face.is_taken_down else f"{row.item.case.organisation}（{row.item.case}）"


def _bound(request: HttpRequest, face: PeriodFace, met: gate.Gate) -> ObjectionForm:
    """Nothing is kept of a machine's, nor of what comes when nothing can be lodged any more."""
    asked = of(face.period.stage)
    kinds = [key for key in asked.fields if keys.OBJECTION_FIELDS[key].is_file] if face.is_open else []
    form = ObjectionForm(
        request.POST,
        request.FILES,
        items=_choices(face),
        asked=asked,
        papers=evidence.take(request, kinds, by=None, at=face.now, keeps_new=met.lets_in),
        at=face.now,
        period=face.period.pk,
        met=met,
    )
    form.needs_papers = face.is_open
    return form


def _lodge(request: HttpRequest, face: PeriodFace, form: ObjectionForm) -> Objection | None:
    item = next(row.item for row in face.items if str(row.item.pk) == form.cleaned_data["item"])
    # The case's history notes who was logged in, and must not note an objector.
    user, request.user = request.user, AnonymousUser()
    try:
        return steps.lodge(item, at=face.now, **form.what())
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None
    finally:
        request.user = user


def _show(
    request: HttpRequest, face: PeriodFace, form: ObjectionForm | None, status: int = 200
) -> HttpResponse:
    programme = face.period.batch.programme
    context = {
        "now": face.now,
        "face": face,
        "period": face.period,
        "programme": programme,
        "rows": _rows(face),
        "office": faces.filled(_office(programme)),
        "folds_after": FOLDS_AFTER,
        "form": form,
        "beside": beside.of("period", face.period),
        **_explained(face, programme),
    }
    return render(request, "publicity/period.html", context, status=status)


def _office(programme: Programme) -> list[tuple[str, str]]:
    return [
        ("部门", programme.objection_office),
        ("电话", programme.objection_phone),
        ("监督电话", programme.supervision_phone),
        ("地址", programme.objection_address),
    ]


def _rows(face: PeriodFace) -> list[tuple[ItemFace, str]]:
    """Each case with the template that shows its kind; nothing of what was taken down."""
    if face.is_taken_down:
        return []
    return [(row, kinds.of(row.item.case).shown_template) for row in face.items]


def _explained(face: PeriodFace, programme: Programme) -> dict[str, Any]:
    """How its days were counted: by the rows and the office decisions that bound when it was opened."""
    stage, opened_at = face.period.stage, face.period.opened_at
    stage.rulebook.programme = programme
    bound = decisions.binding(stage.rulebook, opened_at)
    rule = bound.settle(stage).counting_rule
    return {
        "today": face.now.date(),
        "stage": stage,
        "asked": of(stage),
        "counting": sentences.counting(rule) if rule else [],
        "readings": list(articles.readings(stage, bound)),
        "before": sentences.steps_before(stage, [row.item.case for row in face.items], opened_at),
        "after": sentences.after(stage),
        "back_to": sends_back_to(stage),
    }
