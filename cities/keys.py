"""The closed vocabularies that rule rows are written in: what code asks for by name, with its meaning."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LimitKey:
    """`needs` are the fields of a limit without which this measure means nothing.

    `per` and `windows` are the values that the measure tells apart; of `COUNTING` it looks only at what it `reads`.
    """

    title: str
    meaning: str
    units: tuple[str, ...]
    needs: tuple[str, ...] = ()
    per: tuple[str, ...] = ("registration",)
    windows: tuple[str, ...] = ("none",)
    reads: tuple[str, ...] = ()


# Which earlier applications a limit counts, and how.
COUNTING = ("counts", "counts_refused", "counts_withdrawn", "counts_ordered", "measured_from", "joint")

LIMITS: dict[str, LimitKey] = {
    "changes_per_window": LimitKey(
        "申请次数",
        "一个期间内可以申请变更几次",
        ("times",),
        ("window", "counts"),
        windows=("calendar_year", "rolling", "lifetime"),
        reads=COUNTING,
    ),
    "change_interval": LimitKey(
        "两次变更间隔",
        "上一次变更到这一次申请之间隔多久",
        ("months", "days"),
        ("measured_from", "counts"),
        reads=COUNTING,
    ),
    "partners_per_registration": LimitKey(
        "合作伙伴数量", "一家入库单位在各行业合计有几家合作伙伴", ("parties",)
    ),
    "registrations_per_partner": LimitKey(
        "一家企业支持的入库单位",
        "一家企业同时是几家入库单位的合作伙伴",
        ("parties",),
        per=("partner", "partner_industry"),
    ),
    "registrant_as_partner": LimitKey(
        "入库单位作合作伙伴", "合作伙伴本身在本名单内的家数", ("parties",), per=("partner",)
    ),
}

# What a procedure that opens cases may say, where the vocabulary of rows reaches further than what is carried out.
CARRIED_OUT: dict[str, dict[str, tuple[str | bool, ...]]] = {
    "stages": {
        "requires": ("always",),
        "may_repeat": (False,),
        "span_set_by_office": (False,),
        "channel": ("here",),
    },
    "materials": {"need": ("always", "optional"), "per": ("application",)},
}

# The outcomes by which a case can leave each kind of stage (cities.models.Outcome.Role).
ROLES_CARRIED_OUT: dict[str, tuple[str, ...]] = {
    "submission": ("forward",),
    "review": ("forward", "return", "back", "refuse"),
    "publicity": ("forward", "upheld", "back"),
    "publication": ("forward", "failed"),
}

# A kind of case, and what it is called while no app has registered it.
PROCEDURE_KINDS: dict[str, str] = {
    "partner_change": "变更合作伙伴、产品和服务目录",
    "unit_change": "变更入库单位",
    "task_book_change": "变更任务书",
    "major_change_report": "重大调整报告",
    "entry": "入库申请",
    "evaluation": "绩效评价",
    "partner_removal": "取消合作",
    "clearance": "清退",
}

STAGE_KINDS: dict[str, str] = {
    "submission": "提交",
    "review": "审核",
    "expert_review": "专家评审",
    "site_visit": "现场核查",
    "publicity": "公示",
    "publication": "发布",
    "statement": "陈述",
    "scoring": "评分",
    "service": "送达",
    "filing": "备案",
}

ACTORS: dict[str, str] = {
    "provider": "申请单位",
    "clerk": "经办人",
    "decider": "审定人",
    "district_reviewer": "区市审核人",
    "expert": "专家",
    "system": "系统",
}

PROVISION_KINDS: list[tuple[str, str]] = [
    ("declaratory", "宣示"),
    ("definition", "定义"),
    ("role", "职责"),
    ("conduct", "行为要求"),
    ("consequence", "后果"),
    ("condition", "条件"),
    ("exception", "例外"),
    ("publication", "公布"),
    ("validity", "效力"),
    ("evaluation", "评价"),
    ("reporting", "报送"),
    ("procedure", "程序"),
    ("ground", "情形"),
    ("limit", "限制"),
    ("material", "材料"),
    ("duration", "期限"),
]
