"""Who could see and do what on a day, asked of a person, an organisation or a case: for who administers access or reads the
records."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts import checks, queries, standing
from accounts.models import User
from accounts.standing import Held
from cases import standing as of_cases
from cases.models import Case
from providers.models import Organisation, Registration
from records import clock, events, words
from records.answers import WRONG


class AskForm(forms.Form):
    q = forms.CharField(
        label="人、单位或事项",
        max_length=80,
        help_text="登录名或姓名；统一社会信用代码或单位全称；事项编号",
        error_messages={
            "required": "写明问的是谁、哪个单位或哪件事项，不能留空",
            "max_length": "最多 80 个字，写短一些",
        },
    )
    day = forms.DateField(
        label="哪一天",
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "日期写成 2026-09-17 这样的年-月-日", "required": "写明哪一天，不能留空"},
    )
    time = forms.TimeField(
        label="几点",
        required=False,
        input_formats=["%H:%M:%S", "%H:%M"],
        widget=forms.TimeInput(format="%H:%M:%S", attrs={"type": "time", "step": "1"}),
        help_text="空着为这一天结束时；今天为现在",
        error_messages={"invalid": "时间写成 15:30 或 15:30:00"},
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not date(2000, 1, 1) <= day <= timezone.localdate(self.now):
            raise forms.ValidationError("只答过去和今天：换成 2000 年以后、今天以前的一天")
        return day

    def moment(self) -> datetime:
        day, hour = self.cleaned_data["day"], self.cleaned_data.get("time")
        said = timezone.make_aware(datetime.combine(day, hour or time.max))
        return min(said, self.now)


@dataclass
class Answer:
    """About whom or what; `rows` each with what it gave, `others` where a name is several people's."""

    kind: str
    about: str
    title: str
    rows: list[Any] = field(default_factory=list)
    case: Case | None = None
    others: list[User] = field(default_factory=list)
    note: str = ""
    person: User | None = None

    @property
    def count(self) -> int:
        """Of people, each once."""
        return len({row.held.grant.user_id for row in self.rows if row.held.counts})

    @property
    def held_count(self) -> int:
        return sum(row.held.counts for row in self.rows)


@dataclass(frozen=True)
class Row:
    held: Held


def standing_page(request: HttpRequest) -> HttpResponse:
    if not checks.may_ask_who_could(request.user):
        raise Http404
    now = clock.now()
    asked = "q" in request.GET
    form = AskForm(request.GET if asked else None, now=now, initial={"day": timezone.localdate(now)})
    answer, at = None, now
    if asked and form.is_valid():
        at = form.moment()
        answer = _answer(request.user, form.cleaned_data["q"].strip(), at)
        if answer is None:
            form.add_error("q", "没有找到，或者不在您的授权范围内。核对登录名、信用代码或编号")
        else:
            _note(request.user, answer, at, now)
    page = {**admin.site.each_context(request), "title": "查权限", "form": form, "answer": answer, "at": at}
    status = WRONG if form.errors else 200
    return TemplateResponse(request, "admin/portal/standing.html", page, status=status)


def _answer(user: Any, asked: str, at: datetime) -> Answer | None:
    return _of_case(user, asked, at) or _of_organisation(user, asked, at) or _of_person(user, asked, at)


def _of_case(user: Any, asked: str, at: datetime) -> Answer | None:
    programmes = queries.answerable_programmes(user)
    rows = Case.objects.select_related("programme__city", "organisation", "procedure")
    case = rows.filter(programme__in=programmes, number=asked.upper()).first()
    if case is None:
        return None
    reaches = of_cases.of_case(queries.readable_grants(user), case, at)
    then = of_cases.as_it_was(case, at)
    note = "" if then else "这一时刻还没有这件事项。"
    if then:
        stage = f"“{then.stage}”" if then.stage else ""
        note = f"{case.organisation}，{case.procedure}。当时{then.get_status_display()}{stage}。"
    return Answer("case", f"事项 {case}", f"{case}", list(reaches), case, note=note)


def _of_organisation(user: Any, asked: str, at: datetime) -> Answer | None:
    programmes = queries.answerable_programmes(user)
    listed = Registration.objects.filter(programme__in=programmes).values("organisation")
    named = Q(credit_code=asked.upper()) | Q(name=asked)
    organisation = Organisation.objects.filter(named, pk__in=listed).first()
    if organisation is None:
        return None
    held = standing.on(queries.readable_grants(user), [organisation], at)
    return Answer(
        "organisation", f"单位 {organisation.credit_code}", str(organisation), [Row(one) for one in held]
    )


def _of_person(user: Any, asked: str, at: datetime) -> Answer | None:
    seen = queries.readable_grants(user)
    named = Q(username__iexact=asked) | Q(full_name=asked)
    people = list(User.objects.filter(named, pk__in=seen.values("user")).order_by("username")[:20])
    exact = [person for person in people if person.username.lower() == asked.lower()]
    if len(people) > 1 and len(exact) != 1:
        return Answer("person", "", asked, others=people)
    if not people:
        return None
    person = (exact or people)[0]
    rows = [Row(one) for one in standing.of_person(seen, person, at)]
    return Answer("person", f"账号 {person.username}", person.display_name, rows, person=person)


def _note(user: Any, answer: Answer, at: datetime, now: datetime) -> None:
    """Who asked about whom is itself in the records: about an account by its number, for what is sealed names nobody."""
    if answer.about:
        about = f"{answer.person.pk} 号账号" if answer.person else answer.about
        events.record(
            "standing_asked",
            f"查权限：{about}，{words.second(at)}",
            at=now,
            by=user,
            data={"at": at.isoformat()},
        )
