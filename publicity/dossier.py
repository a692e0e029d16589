"""What publicity adds to the dossier of a case: each period with what it showed, and each objection without who raised it."""

from collections.abc import Iterable

from cases import confidential, dossier
from cases.dossier import Asked, Block, Facts, Heading, Part, Place, Table, Text
from cases.dossier.contents import course, filed
from cases.models import Case
from publicity import queries
from publicity.models import Objection, ObjectionAct, PublicityItem
from publicity.steps import OPENED
from records.events import SYSTEM
from records.words import full_closes, full_day, second

WITHHELD = "（文字里有提出人的信息，从略；有权查看提出人的，在异议页查看）"


def register() -> None:
    dossier.register(Place.COURSE, periods)
    dossier.register(Place.COURSE, objections)
    dossier.register_opening(OPENED)


def periods(case: Case, asked: Asked) -> Iterable[Part]:
    rows = PublicityItem.objects.filter(case=case).select_related(
        "period__stage__article", "period__opened_by", "period__taken_down_by", "kept_by"
    )
    blocks = [block for item in rows.order_by("period__opened_at", "pk") for block in _period(item)]
    if blocks:
        yield Part("公示", blocks)


def _period(item: PublicityItem) -> list[Block]:
    period = item.period
    blocks: list[Block] = [
        Heading(f"{period.title}（{period.number}）"),
        Facts(
            [
                ("依据", period.stage.article.number),
                ("由主管部门确定的依据", period.basis),
                ("发布", f"{second(period.opened_at)}，{period.opened_by.display_name}"),
                ("公示期", f"{full_day(period.opens_on)} 至 {full_closes(period.closes_at)}"),
                ("外部平台的公示地址", period.external_url),
                *_ended(item),
            ]
        ),
        *filed.of_list(item.shown),
    ]
    if period.counted:
        blocks.append(Table(["日期", "星期", "怎样计", "说明"], course.counted(period)))
    return blocks


def _ended(item: PublicityItem) -> list[tuple[str, str]]:
    period = item.period
    by = f"，{period.taken_down_by.display_name}" if period.taken_down_by else ""
    kept_by = f"，{item.kept_by.display_name}" if item.kept_by else ""
    return [
        ("期满通过", second(item.released_at) if item.released_at else ""),
        ("因异议成立退回", second(item.upheld_at) if item.upheld_at else ""),
        ("内容不变的理由", f"{item.kept_reason}（{second(item.kept_at)}{kept_by}）" if item.kept_at else ""),
        (
            "撤下",
            f"{second(period.taken_down_at)}{by}：{period.taken_down_reason}" if period.taken_down_at else "",
        ),
    ]


def objections(case: Case, asked: Asked) -> Iterable[Part]:
    rows = Objection.objects.filter(item__case=case).select_related("item__period", "edition", "settled_by")
    rows = rows.prefetch_related("acts__by", "files__stored").order_by("entered_at", "pk")
    names = queries.who_objected([case])
    blocks = [block for objection in rows for block in _objection(objection, names)]
    if blocks:
        yield Part("异议", [Text("提出人保密，不在案卷里。", is_note=True), *blocks])


def _objection(one: Objection, names: list[str]) -> list[Block]:
    blocks: list[Block] = [
        Heading(f"{one.get_kind_display()} {one.receipt}"),
        Facts(
            [
                ("针对的公示", one.item.period.number),
                ("发布后收到，针对", f"{one.edition}名单" if one.edition else ""),
                ("方式", one.get_channel_display()),
                ("收到日期", full_day(one.received_on)),
                ("登记时间", second(one.entered_at)),
                ("事实与理由", _open(one.matter, names)),
                ("状态", one.get_state_display()),
                ("不予受理的原因", one.get_refusal_display()),
                ("处理意见", _open(one.conclusion, names)),
                ("告知", _told(one)),
            ]
        ),
        Table(["时间", "做了什么", "办理人", "内容"], [_act(act, names) for act in one.acts.all()]),
    ]
    if papers := [[paper.get_kind_display(), paper.stored.sha256] for paper in one.files.all()]:
        blocks += [
            Table(["随附材料（不放入，文件名从略）", "SHA-256"], papers),
        ]
    return blocks


def _open(text: str, names: list[str]) -> str:
    """As it was written, unless it tells who raised it."""
    return WITHHELD if confidential.tells(text, names) else text


def _told(one: Objection) -> str:
    return f"{full_day(one.told_on)} {one.get_told_how_display()}" if one.told_on else ""


def _act(act: ObjectionAct, names: list[str]) -> list[str]:
    nobody = "公众" if act.done == ObjectionAct.Done.LODGED else SYSTEM
    by = act.by.display_name if act.by else nobody
    return [second(act.at), act.get_done_display(), by, _open(act.words, names)]
