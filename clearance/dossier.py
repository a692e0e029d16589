"""What a sanction, a removal or a clearance adds to its dossier: orders, services, answers, and what stays in the office. The grounds
are every case's own part."""

from collections.abc import Iterable

from cases import dossier
from cases.dossier import Asked, Block, Facts, Heading, Part, Place, Table
from cases.dossier.contents.materials import of_file
from cases.models import Case
from clearance import papers, queries
from clearance.models import Answer, Measure
from records.words import full_day, second


def register() -> None:
    dossier.register(Place.COURSE, measure)
    dossier.register(Place.COURSE, answers)
    dossier.register_opening(papers.ANSWER_OPENED, papers.PROOF_OPENED)


def measure(case: Case, asked: Asked) -> Iterable[Part]:
    if not queries.is_one(case):
        return
    orders = _orders(case)
    blocks: list[Block] = [_facts(case.measure, orders), *orders, *_services(case), *_followups(case)]
    proofs = case.services.filter(proof__isnull=False).select_related("stage", "proof")
    files = [
        of_file(one.proof, f"{queries.served_as(case, one.stage, one.since)}的送达凭证")
        for one in proofs
        if one.proof
    ]
    yield Part("要求和送达", blocks, "送达凭证", files)


def _facts(row: Measure, orders: list[Block]) -> Facts:
    """What was demanded stands with each order, where any was given."""
    announced = {True: "公告", False: "不公告", None: ""}[row.announced]
    return Facts(
        [
            ("合作伙伴", str(row.partner or "")),
            ("要求", "" if orders else row.demands),
            ("办到", full_day(row.due_on) if row.due_on else ""),
            ("移出以后公告与否", announced),
            ("公告与否的理由", row.announced_why),
            ("项目和补助怎么处理", row.afterwards),
        ]
    )


def _orders(case: Case) -> list[Block]:
    of_partner = case.measure.partner_id is not None
    rows = [
        [
            str(case.procedure if of_partner else one),
            one.article,
            second(one.ordered_at),
            full_day(one.deadline.closes_on) if one.deadline else "",
            str(one.get_state_display()),
            one.demands,
        ]
        for one in case.orders.select_related("deadline")
    ]
    head, what = ("责令", "责令什么") if of_partner else ("限期整改", "第几次")
    return [Heading(head), Table([what, "依据", "责令", "最后一天", "现在", "要求"], rows)] if rows else []


def _services(case: Case) -> list[Block]:
    rows = [
        [
            queries.served_as(case, one.stage, one.since),
            str(one.organisation),
            full_day(one.served_on),
            str(one.get_how_display()),
            one.note,
            one.proof.name if one.proof else "",
            f"{second(one.at)}，{one.by.display_name if one.by else ''}",
        ]
        for one in case.services.select_related("stage", "organisation", "by", "proof")
    ]
    heads = ["什么", "送达给", "日期", "方式", "说明", "凭证", "登记"]
    return [Heading("送达"), Table(heads, rows)] if rows else []


def _followups(case: Case) -> list[Block]:
    rows = [
        [one.what, full_day(one.done_on) if one.done_on else "没有办完", one.note, str(one.done_by or "")]
        for one in case.followups.select_related("done_by")
    ]
    return [Heading("后续事项"), Table(["要办什么", "办好", "结果", "登记"], rows)] if rows else []


def answers(case: Case, asked: Asked) -> Iterable[Part]:
    rows = list(case.answers.select_related("stage", "by").prefetch_related("files__file"))
    if not rows:
        return
    blocks = [block for one in rows for block in _answer(one)]
    files = [of_file(row.file, f"{one.stage}：{row.file.name}") for one in rows for row in one.files.all()]
    yield Part("单位的答复", blocks, "答复", files)


def _answer(one: Answer) -> list[Block]:
    paper = f"纸质材料，{full_day(one.received_on)} 收到" if one.received_on else "网上提交"
    return [
        Heading(str(one)),
        Facts([("时间", f"{second(one.at)}，{one.by.display_name}"), ("方式", paper), ("内容", one.text)]),
    ]
