"""What the fields of a document hold, and the tables that come with it."""

from collections.abc import Iterable, Sequence
from typing import Any

from cases.models import Case
from cities.models import Programme, Rulebook
from notices import kinds
from notices.models import Notice, NoticeTemplate
from notices.wording import Table
from providers.models import ListEdition, Organisation, Registration
from providers.snapshots import Difference
from publicity.models import PublicityItem, PublicityPeriod
from records import words

MARKS = {"add": "新增", "end": "退出", "edit": "调整"}
HEADS = ("序号", "单位", "变动", "行业或目录编码", "变更前", "变更后")
MOST_NAMED = 2


def of_cases(cases: Sequence[Case]) -> dict[str, str]:
    first = cases[0]
    units = list(dict.fromkeys(case.organisation.name for case in cases))
    return {
        **of_programme(first.programme),
        "办法": regulation(first.rulebook) if first.rulebook else "",
        "条款": first.procedure.article.number,
        "单位": named(units),
        "单位代码": first.organisation.credit_code if len(units) == 1 else "",
        "家数": str(len(units)),
    }


def of_sample(template: NoticeTemplate) -> dict[str, str]:
    """For a kind that was never issued: a unit of the list, the rulebook in force, and of each other field what it stands for.
    Nothing where there is neither unit nor rulebook."""
    unit = (
        Registration.objects.current()
        .filter(programme=template.programme)
        .select_related("organisation")
        .first()
    )
    rulebook = template.programme.rulebooks.order_by("-effective_from").first()
    kind = kinds.of(template.kind)
    if unit is None or rulebook is None or kind is None:
        return {}
    return {
        **{name: f"（{meaning}）" for name, meaning in kind.all_fields.items()},
        **of_programme(template.programme),
        "办法": regulation(rulebook),
        "单位": unit.organisation.name,
        "单位代码": unit.organisation.credit_code,
        "家数": "1",
    }


def only(cases: Sequence[Case]) -> Case | None:
    """What a document stands on that is about one case alone."""
    return cases[0] if len(cases) == 1 else None


def of_programme(programme: Programme) -> dict[str, str]:
    return {
        "城市": programme.city.name,
        "项目": programme.name,
        "称谓": programme.registrant_term,
        "伙伴称谓": programme.partner_term,
        "主管部门": programme.authority,
    }


def regulation(rulebook: Rulebook) -> str:
    number = f"（{rulebook.document_number}）" if rulebook.document_number else ""
    return f"《{rulebook.title}》{number}"


def named(units: Sequence[str]) -> str:
    shown = "、".join(units[:MOST_NAMED])
    return f"{shown}等{len(units)}家" if len(units) > MOST_NAMED else shown


def of_period(period: PublicityPeriod) -> dict[str, str]:
    """As the public page of the publicity says it; what the office has not set stays empty."""
    programme = period.batch.programme
    return {
        "公示标题": period.title,
        "公示编号": period.number,
        "公示首日": words.full_day(period.opens_on),
        "公示末日": words.full_day(period.closes_on),
        "公示截止": words.full_closes(period.closes_at).replace(" ", ""),
        "公示天数": words.count(period.number_of_days, period.unit).replace(" ", ""),
        "受理部门": programme.objection_office or programme.authority,
        "受理电话": programme.objection_phone,
        "受理地址": programme.objection_address,
        "监督电话": programme.supervision_phone,
    }


def shown_last(cases: Iterable[Case]) -> PublicityPeriod | None:
    """The publicity that these went through."""
    items = PublicityItem.objects.filter(case__in=list(cases), period__taken_down_at=None)
    item = items.select_related("period__batch__programme__city").order_by("-period__opened_at").first()
    return item.period if item else None


def of_edition(edition: ListEdition) -> dict[str, str]:
    return {"版次": f"第{edition.number}版", "发布日期": words.full_day(edition.published_at)}


def of_errata(edition: ListEdition, earlier: Sequence[Notice]) -> dict[str, str]:
    numbers = sorted({change["corrects"] for change in edition.changes if "corrects" in change})
    reasons = dict.fromkeys(change["reason"] for change in edition.changes if "reason" in change)
    return {
        "更正版次": "、".join(f"第{number}版" for number in numbers),
        "更正理由": "；".join(reason.strip().rstrip("。") for reason in reasons),
        "原文书": "、".join(entitled(notice) for notice in earlier),
    }


def entitled(notice: Notice) -> str:
    return f"《{notice.title}》{f'（{notice.number}）' if notice.number else ''}"


def addressed(notices: Iterable[Notice]) -> str:
    """To whom documents went, that what is said of them goes there too."""
    return "、".join(dict.fromkeys(one.addressees for one in notices if one.addressees))


Differing = Iterable[tuple[str, str, list[Difference]]]  # of each unit its code, its name, and how it differs


def differences_of_items(items: Iterable[PublicityItem]) -> Differing:
    for item in items:
        unit = item.case.organisation
        yield unit.credit_code, unit.name, item.shown.get("differences", [])


def differences_of_edition(edition: ListEdition) -> Differing:
    for change in edition.changes:
        yield change["unit"]["code"], change["unit"]["name"], change["differences"]


def concerned(cases: Iterable[Case], differing: Differing) -> list[Organisation]:
    """The units, and the partners that are added or ended."""
    codes = {case.organisation.credit_code for case in cases}
    for unit, _, differences in differing:
        partners = {one["code"] for one in differences if one["subject"] == "partner"}
        codes |= {unit, *partners}
    return list(Organisation.objects.filter(credit_code__in=codes))


def table(differing: Differing) -> Table:
    cells = [_cells(unit, one) for _, unit, differences in differing for one in differences]
    return Table(HEADS, [[str(place), *row] for place, row in enumerate(cells, start=1)])


def _cells(unit: str, one: Difference) -> list[str]:
    where = {"unit": "单位信息", "partner": one.get("industry_name", ""), "item": one["code"]}[one["subject"]]
    mark = "恢复" if (one["subject"], one["mark"]) == ("unit", "add") else MARKS[one["mark"]]
    return [
        unit,
        mark,
        where,
        _said(one["subject"], one["before"]),
        _said(one["subject"], one["after"]),
    ]


def _said(subject: str, thing: Any) -> str:
    if thing is None:
        return "—"
    parts = {"unit": ("name", "code", "place"), "partner": ("name",), "item": ("name", "price")}[subject]
    return "，".join(thing[part] for part in parts if thing.get(part))
