"""Documents of the ladder that ends in clearance: their kinds, and what their fields hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notices import kinds
from notices.kinds import NoticeKind
from records import words

CRITICISM, WARNING, RECTIFICATION = "criticism", "warning", "rectification"
CLEARANCE, DISQUALIFICATION, NOT_CLEARED = "clearance", "disqualification", "not_cleared"
LEAVING = "leaving"
PARTNER_REMOVAL, CORRECTIVE = "partner_removal", "corrective"
# By which a unit leaves the list, as everybody is told and as it is told itself.
REMOVING = (CLEARANCE, DISQUALIFICATION, LEAVING)
REMOVED = tuple(kinds.key_to_unit(kind) for kind in REMOVING)
# What tells of the end of what was decided, to everybody and to the unit.
REVOKING = (CORRECTIVE, kinds.key_to_unit(CORRECTIVE))

_OF_MEASURE = {
    "情形": "认定的情形，每项带它的条款；是平台里给情形起的名称，只写在发给本单位的文书里",
    "情形条款": "认定的情形所在的条款",
    "事实": "查明的事实",
    "决定日期": "作出决定的日期",
    "要求": "要它做什么",
    "期限": "什么时候以前做完",
    "后果": "期满没有做到会怎样",
    "会议": "哪一天的什么会议审议确认",
    "救济": "不服这个决定可以怎么办；条文没有写的，有意见向谁提",
    "后续": "随之停止什么，手上的项目、合作和资金怎么办",
    "原文书": "所接续、更正或撤销的文书的标题和文号",
}
_OF_LEAVING = {
    "再次申请": "以后能不能再申请",
    "版次": "名单的版次",
    "发布日期": "名单发布的日期",
}
_KINDS = (
    NoticeKind(CRITICISM, "通报批评", _OF_MEASURE, "warning_term", needed=("情形",)),
    NoticeKind(WARNING, "警告", _OF_MEASURE, "warning_term", needed=("情形", "期限")),
    NoticeKind(RECTIFICATION, "限期整改", {**_OF_MEASURE, "次数": "第几次责令整改"}, needed=("情形", "期限")),
    NoticeKind(
        CLEARANCE,
        "清退",
        {**_OF_MEASURE, **_OF_LEAVING},
        "clearance_term",
        needed=("情形条款", "决定日期"),
    ),
    NoticeKind(DISQUALIFICATION, "取消资格", {**_OF_MEASURE, **_OF_LEAVING}, needed=("情形条款", "决定日期")),
    NoticeKind(LEAVING, "退出", {**_OF_MEASURE, **_OF_LEAVING}, needed=("情形条款", "决定日期")),
    NoticeKind(NOT_CLEARED, "不予清退", {**_OF_MEASURE, "理由": "为什么不清退"}, needed=("理由",)),
    NoticeKind(
        PARTNER_REMOVAL,
        "取消合作",
        {**_OF_MEASURE, "伙伴": "要取消合作的合作伙伴"},
        needed=("伙伴", "情形", "期限"),
    ),
    NoticeKind(
        CORRECTIVE,
        "撤销决定",
        {
            **_OF_MEASURE,
            **_OF_LEAVING,
            "撤销理由": "原决定哪里有误",
            "恢复": "撤销以后恢复什么",
            "原主送": "所撤销的文书主送谁",
        },
        needed=("原文书", "撤销理由"),
    ),
)
KINDS = (*_KINDS, *(kinds.to_unit(one) for one in _KINDS if one.key in (*REMOVING, CORRECTIVE)))


def register() -> None:
    for kind in KINDS:
        kinds.register(kind)


@dataclass(frozen=True)
class GroundSaid:
    """A ground as a document names it, without a full stop at its end."""

    article: str
    label: str

    def __str__(self) -> str:
        return f"{self.label}（{self.article}）"


@dataclass(frozen=True)
class Measure:
    """What was decided on one unit. Sentences are without a full stop at their end; what the text or the office leaves open stays
    empty, and the lines of the wording that name it are left out."""

    decided_on: date
    grounds: Sequence[GroundSaid] = ()
    found: str = ""
    asks: str = ""
    due_on: date | None = None
    follows: str = ""
    meeting: str = ""
    remedy: str = ""


def says(measure: Measure, **more: str) -> dict[str, str]:
    """The fields of a measure; `more` are those that a kind has of its own, by their names."""
    grounds = measure.grounds
    return {
        "情形": "；".join(str(ground) for ground in grounds),
        "情形条款": "、".join(dict.fromkeys(ground.article for ground in grounds)),
        "事实": _clause(measure.found),
        "决定日期": words.full_day(measure.decided_on),
        "要求": _clause(measure.asks),
        "期限": words.full_day(measure.due_on) if measure.due_on else "",
        "后果": _clause(measure.follows),
        "会议": measure.meeting.strip(),
        "救济": _clause(measure.remedy),
        **{name: _clause(text) for name, text in more.items()},
    }


def _clause(text: str) -> str:
    return text.strip().rstrip("。；;. ")
