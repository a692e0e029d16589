"""The words a rehearsal may be written in. docs/rehearsals.md explains each; a test compares the two."""

from dataclasses import dataclass
from typing import Any, Literal

from cities.models import CountingRule
from portal.rehearsals.people import NOBODY, OTHER, ROLES

Kind = Literal["text", "texts", "number", "flag", "day", "moment", "map", "maps", "named"]


@dataclass(frozen=True)
class Word:
    """What stands under a key. `inside` are the keys of a `map`, of each of `maps`, and of each value of `named`."""

    kind: Kind
    meaning: str
    required: bool = False
    inside: "dict[str, Word] | None" = None
    one_of: tuple[str, ...] = ()
    least: int = 0


PEOPLE = tuple(name + which for name in ROLES for which in ("", OTHER))
# What an objection may come to, by its word.
CONCLUSIONS = {"不成立": "dismissed", "部分成立": "upheld_in_part", "成立": "upheld"}


UNIT: dict[str, Word] = {
    "industries": Word("texts", "在哪些行业，写行业的名称", required=True),
    "category": Word("text", "类别的名称；只有一类时不写"),
    "partners": Word("named", "行业的名称：合作伙伴的简称", inside={"": Word("texts", "简称")}),
    "items": Word("named", "编码：名称", inside={"": Word("text", "名称")}),
    "place": Word("text", "登记地"),
    "district": Word("text", "所属区市"),
    "entered_on": Word("day", "入库日期，不写就是名单公布那天"),
}
SPAN: dict[str, Word] = {
    "number": Word("number", "多少", required=True, least=1),
    "unit": Word("text", "自然日、工作日还是月", required=True, one_of=tuple(CountingRule.Unit.values)),
    "first_day": Word("text", "哪天算第一天", required=True, one_of=tuple(CountingRule.FirstDay.values)),
    "roll": Word("text", "最后一天遇休息日怎样", required=True, one_of=tuple(CountingRule.Roll.values)),
}
DECISION: dict[str, Word] = {
    "row": Word("text", "哪一行：代码，环节写 程序.环节", required=True),
    "question": Word("text", "哪个问题，照抄规则文件；定天数的不写"),
    "choose": Word("text", "选哪一种理解，照抄规则文件"),
    "span": Word("map", "定多少天、怎么计算", inside=SPAN),
    "from": Word("day", "自哪一天起，不写就是作出的那天"),
    "confirmed_by": Word("text", "由谁确认，不写就是审定人；无人确认写 无人", one_of=(*PEOPLE, NOBODY)),
}
CHANGE: dict[str, Word] = {
    "add_partner": Word("text", "新增哪家合作伙伴"),
    "end_partner": Word("text", "哪家合作伙伴退出"),
    "replace_partner": Word("text", "换上哪家合作伙伴"),
    "leaving": Word("text", "换下哪家"),
    "add_item": Word("text", "新增产品和服务的编码"),
    "edit_item": Word("text", "调整产品和服务的编码"),
    "end_item": Word("text", "停用产品和服务的编码"),
    "mend_unit": Word("text", "改正单位的名称，写正确的名称；只用于更正"),
    "mend_partner": Word("text", "改正哪家合作伙伴的名称；只用于更正"),
    "name": Word("text", "产品和服务的名称，或合作伙伴正确的名称"),
    "industry": Word("text", "在哪个行业"),
}
COUNT: dict[str, Word] = {
    "stage": Word("text", "数哪个环节的期限：程序.环节"),
    "duty": Word("text", "数哪项报告义务的期限：代码"),
    "event": Word("day", "办理的日子，报告义务用"),
}
GIVEN: dict[str, Word] = {
    "published": Word("moment", "名单公布的时刻", required=True),
    "units": Word("named", "入库单位的简称和情况", inside=UNIT),
    "districts": Word("texts", "本市的区市"),
    "decisions": Word("maps", "开始之前已作出并确认的决定", inside=DECISION),
    "adopted": Word("day", "征求意见稿自哪一天起采纳施行"),
}
ELSEWHERE: dict[str, Word] = {
    "url": Word("text", "外部平台的公示地址", required=True),
    "since": Word("day", "从哪一天开始公示", required=True),
}
END: dict[str, Word] = {
    "on": Word("day", "有效期的最后一天", required=True),
    "event": Word("text", "发生了什么", required=True),
}

# What somebody does at a step: exactly one of these. The value says to or with what.
ACTIONS: dict[str, Word] = {
    "file": Word("text", "哪家单位提交申请"),
    "refile": Word("text", "补正后再次提交哪一件"),
    "withdraw": Word("text", "撤回哪一件"),
    "decide": Word("text", "在审核环节给出哪个结果，写结果的名称"),
    "publicise": Word("flag", "开始公示"),
    "publicise_elsewhere": Word("map", "登记外部平台的公示", inside=ELSEWHERE),
    "object": Word("text", "公众提出异议，写事实"),
    "accept": Word("flag", "受理异议"),
    "not_accept": Word("text", "异议不予受理，写原因，照页面的说法"),
    "settle": Word("text", "异议的结论；没有受理、核实的先受理、核实", one_of=tuple(CONCLUSIONS)),
    "gather": Word("text", "把几件编成一批，写批次的名称"),
    "take_out": Word("text", "把一件移出它的批次，写原因"),
    "split_off": Word("text", "把几件从它们的批次分出来，写新批次的名称"),
    "publicise_batch": Word("text", "一批一起公示，写批次的名称"),
    "take_down": Word("text", "撤下公示，写原因"),
    "send_back": Word("text", "公示之前退回审核，写原因"),
    "release": Word("flag", "确认发布"),
    "correct": Word("text", "立案更正哪家单位，写好并报审定"),
    "set_aside": Word("text", "发现的情形不立案，写理由"),
    "enter_ground": Word("text", "登记哪家单位有 grounds 里的情形"),
    "propose": Word("text", "对哪家单位立案：登记 grounds 里的情形，或者 found: true，写好并提交"),
    "propose_everywhere": Word("text", "对一家合作伙伴支持的每家单位立案；grounds 登记在 unit 名下"),
    "carry_out": Word("text", "按 case 那件责令变更：写好退出并提交，写申请的原因"),
    "serve": Word("text", "登记送达，写怎么送达的，照页面的说法"),
    "open_letters": Word("text", "哪家单位在收件箱打开信"),
    "answer": Word("text", "单位陈述或者报告整改结果，写内容"),
    "follow_up": Word("text", "登记移出以后哪一项后续事项已办"),
    "keep": Word("text", "异议成立以后内容不变，写理由"),
    "hold": Word("text", "暂停期限，写原因"),
    "resume": Word("text", "恢复期限，写原因"),
    "extend": Word("number", "延长期限多少，按期限自己的单位"),
    "sweep": Word("flag", "系统办理到期的事项"),
    "office_decides": Word("map", "登记决定并由另一人确认", inside=DECISION),
    "end_rulebook": Word("map", "登记规则失效", inside=END),
    "count": Word("map", "算一个期限", inside=COUNT),
    "look": Word("flag", "只看现在的情形"),
}
# What may stand beside the action.
DETAILS: dict[str, Word] = {
    "on": Word("moment", "什么时候", required=True),
    "by": Word("text", "谁办；后面加乙是同一角色的另一个人", one_of=PEOPLE),
    "case": Word("text", "哪一件，不写就是最近提交的一件"),
    "as": Word("text", "给提交的这件起个名"),
    "procedure": Word("text", "申请哪个程序，写代码；不写就是变更合作伙伴的那一个"),
    "changes": Word("maps", "申请哪些变更", inside=CHANGE),
    "cases": Word("texts", "哪几件"),
    "found": Word("flag", "依据发现的情形立案；不写就是工作人员自己发现的"),
    "grounds": Word("texts", "哪些情形，写情形的名称或条款"),
    "partner": Word("text", "情形涉及哪家合作伙伴"),
    "unit": Word("text", "情形登记在哪家单位名下"),
    "evidence": Word("text", "凭什么认定；不写有一句现成的"),
    "demands": Word("text", "要求单位做什么，再次责令的写这次要求什么；不写有一句现成的"),
    "afterwards": Word("texts", "移出以后还要办哪些后续事项"),
    "served": Word("day", "送达的那一天，不写就是这一步的那天"),
    "acknowledged": Word("flag", "单位勾选已知道退出的后果，不写就是勾选"),
    "corrects": Word("number", "更正名单第几版；依据发现的情形的可以不写", least=1),
    "without_rest": Word("flag", "没有准备好的分出去，只公示准备好的"),
    "reason": Word("text", "变更的原因；不写有一句现成的，写空就是没写"),
    "explanation": Word("text", "对原则上不符之处的说明"),
    "without": Word("texts", "缺哪些材料，写材料的名称"),
    "ordered": Word("flag", "责令的变更，随纸质申请由经办人注明"),
    "received": Word("day", "纸质申请收到的日期，由经办人录入"),
    "opinion": Word("text", "审核意见"),
    "waive": Word("text", "同意突破原则上的限制，写理由"),
    "named_day": Word("day", "到哪一天"),
    "met_on": Word("day", "会议日期"),
    "minutes": Word("text", "会议纪要编号"),
    "seals": Word("flag", "盖章是否核对，不写就是核对"),
    "expect": Word("map", "应当怎样"),
}
EXPECTED: dict[str, Word] = {
    "refused": Word("text", "不予办理，理由里有这句话"),
    "because": Word("text", "所依据的条款"),
    "asks": Word("texts", "原则上不符、要说明理由的条款"),
    "stage": Word("text", "现在在哪个环节"),
    "waits_for": Word("text", "等谁办；没有人就写 无人"),
    "result": Word("text", "办结的结果"),
    "owner": Word("text", "由谁承办"),
    "first_day": Word("day", "期限的首日"),
    "last_day": Word("day", "期限的最后一天"),
    "counted": Word("number", "计了多少天"),
    "report_by": Word("day", "最晚哪一天报告"),
    "basis": Word("text", "由主管部门确定的依据里有这句话"),
    "edition": Word("number", "名单到第几版"),
    "published_with": Word("texts", "和哪几件发布为同一版"),
    "partners": Word("named", "单位的简称：现在的合作伙伴的简称", inside={"": Word("texts", "简称")}),
    "listed": Word("text", "哪家单位在名单上；后面加 不在 就是不在"),
    "barred": Word("text", "哪家单位被禁止再次申请入库；后面加 没有 就是没有被禁止"),
    "category": Word("named", "单位的简称：所属类别的名称", inside={"": Word("text", "类别")}),
    "standing": Word("text", "规则页上对效力的说法里有这句话"),
    "applications_left": Word("text", "还可申请几次，照页面的说法"),
    "in_force": Word("number", "现行的是第几版；没有就写 0"),
    "pinned": Word("number", "这一件适用第几版"),
    "shown": Word("texts", "公示的变更里有哪些企业"),
    "ground": Word("text", "最近发现的情形现在怎样，照页面的说法；没有就写 无"),
    "found_last": Word("text", "最近发现的是哪一种情形，写名称；没有就写 无"),
    "follows": Word("text", "这一件的情形有什么后果，照规则页的说法，如 应当清退"),
    "orders": Word("number", "这一件的单位一共被责令限期整改几次"),
    "followups": Word("number", "这一件移出以后还有几项后续事项没有办完"),
    "corrects": Word("number", "名单最新一版更正的是第几版；不是勘误写 0"),
    "became": Word("text", "最近一件异议后来怎样，有这句话"),
}
REHEARSAL: dict[str, Word] = {
    "name": Word("text", "演练的名称", required=True),
    "proves": Word("texts", "证明哪些条文规则，写代码"),
    "story": Word("maps", "一步一步发生的事", required=True, inside={**DETAILS, **ACTIONS}),
}
FILE: dict[str, Word] = {
    "programme": Word("text", "项目的代码", required=True),
    "rulebook": Word("text", "规则文件，相对于本文件；不写就是 fixtures/rulebooks 里同名的一份"),
    "given": Word("map", "开始时的情形", required=True, inside=GIVEN),
    "rehearsals": Word("maps", "各次演练", required=True, inside=REHEARSAL),
}
DETAILS["expect"] = REHEARSAL["story"].inside["expect"] = Word("map", "应当怎样", inside=EXPECTED)  # type: ignore[index]

_PLAIN: dict[str, dict[str, Any]] = {
    "text": {"type": ["string", "integer"]},
    "texts": {"type": "array", "items": {"type": ["string", "integer"]}},
    "number": {"type": "integer"},
    "flag": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?$"},
}


def json_schema() -> dict[str, Any]:
    """The format as a JSON Schema, for editors that check while one writes."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_object(FILE)}


def _object(words: dict[str, Word]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {key: _schema(word) for key, word in words.items()},
        "required": [key for key, word in words.items() if word.required],
    }


def _schema(word: Word) -> dict[str, Any]:
    told: dict[str, Any] = {"description": word.meaning}
    if word.one_of:
        return {"enum": list(word.one_of), **told}
    if word.kind == "number":
        return {**_PLAIN["number"], "minimum": word.least, **told}
    if word.kind in _PLAIN:
        return {**_PLAIN[word.kind], **told}
    inside = word.inside or {}
    if word.kind == "named":
        value = _schema(inside[""]) if "" in inside else _object(inside)
        return {"type": "object", "additionalProperties": value, **told}
    if word.kind == "map":
        return {**_object(inside), **told}
    least = {"minItems": 1} if word.required else {}
    return {"type": "array", "items": _object(inside), **least, **told}
