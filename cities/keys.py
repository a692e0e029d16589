"""The closed vocabularies that rule rows are written in: what code asks for by name, with its meaning."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LimitKey:
    """`kinds` are the procedures that ask this measure; `needs` the fields of a limit without which it means nothing.

    `per` and `windows` are the values that the measure tells apart; of `COUNTING` it looks only at what it `reads`.
    `bars`: it keeps an organisation out, none at all and not so many times, and is carried out wherever somebody enters,
    whether or not cases of its `kinds` can be opened.
    """

    title: str
    meaning: str
    kinds: tuple[str, ...]
    units: tuple[str, ...]
    needs: tuple[str, ...] = ()
    per: tuple[str, ...] = ("registration",)
    windows: tuple[str, ...] = ("none",)
    reads: tuple[str, ...] = ()
    bars: bool = False


# Which earlier applications a limit counts, and how.
COUNTING = ("counts", "counts_refused", "counts_withdrawn", "counts_ordered", "measured_from", "joint")

LIMITS: dict[str, LimitKey] = {
    "changes_per_window": LimitKey(
        "申请次数",
        "一个期间内可以申请变更几次",
        ("partner_change", "unit_change"),
        ("times",),
        ("window", "counts"),
        windows=("calendar_year", "rolling", "lifetime"),
        reads=COUNTING,
    ),
    "change_interval": LimitKey(
        "两次变更间隔",
        "上一次变更到这一次申请之间隔多久",
        ("partner_change", "unit_change"),
        ("months", "days"),
        ("measured_from", "counts"),
        reads=COUNTING,
    ),
    "applications_after_change": LimitKey(
        "变更之后再申请",
        "变更发布之后还可以申请几次",
        ("unit_change",),
        ("times",),
        per=("lineage",),
        windows=("lifetime",),
    ),
    "partners_per_registration": LimitKey(
        "合作伙伴数量", "一家入库单位在各行业合计有几家合作伙伴", ("partner_change",), ("parties",)
    ),
    "registrations_per_partner": LimitKey(
        "一家企业支持的入库单位",
        "一家企业同时是几家入库单位的合作伙伴",
        ("partner_change",),
        ("parties",),
        per=("partner", "partner_industry"),
    ),
    "registrant_as_partner": LimitKey(
        "入库单位作合作伙伴",
        "合作伙伴本身在本名单内的家数",
        ("partner_change", "unit_change", "entry"),
        ("parties",),
        per=("partner", "partner_industry"),
    ),
    "reentry_after_clearance": LimitKey(
        "退出后再申请入库",
        "退出名单之后还可以申请入库几次",
        ("entry",),
        ("times",),
        ("after",),
        per=("registration", "lineage"),
        windows=("lifetime", "span"),
        bars=True,
    ),
    "entries_per_group": LimitKey(
        "同一主体参加遴选",
        "同一主体的分公司、子公司合计可以有几家参加遴选",
        ("entry",),
        ("parties",),
        per=("entity_group",),
    ),
    "selections_per_year": LimitKey(
        "遴选认定次数",
        "一年开展几次遴选认定",
        ("entry",),
        ("times",),
        ("window",),
        per=("programme",),
        windows=("calendar_year",),
    ),
    "industries_per_unit": LimitKey(
        "细分行业数量", "一家单位可以推荐几个细分行业", ("entry",), ("industries",)
    ),
    "industries_beside_own": LimitKey(
        "本行业以外的行业", "本行业以外可以申报几个行业", ("entry",), ("industries",)
    ),
    "transform_and_assess": LimitKey(
        "既改造又验收评估", "一家单位对几家试点企业既做改造又做验收评估", ("pilot_project",), ("enterprises",)
    ),
    "contracts_beside_own_industry": LimitKey(
        "行业以外的签约", "行业以外可以签约服务几家试点企业", ("pilot_project",), ("enterprises",)
    ),
    "price_against_market": LimitKey(
        "价格与市场均价之比",
        "价格是市面同类产品平均价格的百分之几",
        ("pilot_project",),
        ("percent",),
        per=("enterprise",),
    ),
    "level_after_transformation": LimitKey(
        "改造后的数字化水平", "改造之后试点企业达到几级", ("pilot_project",), ("level",), per=("enterprise",)
    ),
}


@dataclass(frozen=True)
class Detector:
    """How a ground is noticed; `counts`: it holds a number against something that adds up. `needs` are the kinds of case that
    bring what it is noticed by: until one of them is built somebody has to notice it."""

    title: str
    meaning: str
    counts: bool = False
    needs: tuple[str, ...] = ()


DETECTORS: dict[str, Detector] = {
    "manual": Detector("由人认定", "工作人员核实后登记"),
    "own_request": Detector("本单位申请", "单位自己要求退出"),
    "missed_evaluation": Detector("未参加评价", "一次评价截止时没有报送材料", needs=("evaluation",)),
    "late_materials": Detector("材料逾期", "材料晚于通知的期限", needs=("evaluation",)),
    "poor_materials": Detector(
        "材料逾期或不合要求",
        "材料晚于通知的期限，或因不完整、不规范退回补正",
        needs=("evaluation", "progress_report"),
    ),
    "grade": Detector(
        "评价等级", "审定的评价结论是某一等级，按次数累计或连续", counts=True, needs=("evaluation",)
    ),
    "rectification_overdue": Detector("整改逾期", "限期整改到期没有完成"),
    "rectification_refused": Detector("拒不整改", "限期整改没有完成，不论到期没有；是不是拒不整改由人认定"),
    "rectification_orders": Detector("限期整改次数", "责令限期整改的次数", counts=True),
    "unresolved_complaints": Detector(
        "未有效解决的投诉", "投诉的办理结果是没有有效解决", counts=True, needs=("complaint",)
    ),
    "unsatisfied_ratings": Detector(
        "不满意评价", "试点企业的满意度评价是不满意", counts=True, needs=("pilot_project",)
    ),
    "months_without_contract": Detector(
        "入库后无新增签约的月数", "自入库之日起没有新签约试点企业", counts=True, needs=("pilot_project",)
    ),
    "months_without_progress": Detector(
        "签约后无实质进展的月数",
        "自合同签约之日起没有实质性服务进展",
        counts=True,
        needs=("pilot_project",),
    ),
    "failed_acceptance": Detector("项目未通过验收", "项目的验收结果是未通过", needs=("pilot_project",)),
    "unreported_change": Detector("重大变更未报告", "登记信息变了，没有报告", needs=("major_change_report",)),
    "terminated": Detector("依法终止", "登记状态是注销、吊销或终止"),
}

# What a procedure that opens cases may say, where the vocabulary of rows reaches further than what is carried out.
CARRIED_OUT: dict[str, dict[str, tuple[str | bool | int, ...]]] = {
    "stages": {
        "requires": ("always", "choice"),
        "last_day": (),
    },
    "materials": {
        "need": ("always", "optional"),
        "per": ("application", "partner"),
        "at_least": (1,),
        "category": (),
    },
}
# The kinds of case that change the list, and so are shown and published.
CHANGE_THE_LIST = ("partner_change", "unit_change", "entry")
RESULTS_CARRIED_OUT = ("published", "refused", "completed", "declined")
# The kinds of case by which a unit leaves the list: a desk may do that, without a publication.
ENDS_REGISTRATIONS = ("clearance",)
# Those that leave the list as it is: what follows for it is a case of another kind.
LEAVES_THE_LIST = ("sanction", "partner_removal")
# Those in which an outcome can leave a ground for a case of its own.
NOTES_GROUNDS = ("sanction",)

# The kinds of stage where somebody gives an outcome, and those that an order or a hearing may name the last day of.
DESKS = ("review", "recheck")
# Those at which a unit is written to, and answered or is awaited.
ASKED = ("statement", "service", "rectification")
HAS_A_NAMED_DAY = ("statement", "service", "rectification")

# The outcomes by which a case can leave each kind of stage (cities.models.Outcome.Role).
ROLES_CARRIED_OUT: dict[str, tuple[str, ...]] = {
    "submission": ("forward",),
    "review": ("forward", "return", "back", "refuse"),
    "publicity": ("forward", "upheld", "back"),
    "publication": ("forward", "failed"),
    "statement": ("forward", "lapsed"),
    "service": ("forward", "back"),
    "rectification": ("forward", "lapsed"),
    "recheck": ("forward", "back", "refuse"),
}


def reported_in(timing: str) -> str:
    """The kind of procedure in which a duty that names none is reported, by when it falls due."""
    return "major_change_report" if timing in ("before", "after") else "progress_report"


# A kind of case, and what it is called while no app has registered it.
PROCEDURE_KINDS: dict[str, str] = {
    "partner_change": "变更合作伙伴、产品和服务目录",
    "unit_change": "变更入库单位",
    "task_book": "签订任务书",
    "task_book_change": "变更任务书",
    "service_change": "变更服务内容和目标",
    "major_change_report": "重大调整报告",
    "progress_report": "进展报送",
    "entry": "入库申请",
    "evaluation": "绩效评价",
    "sanction": "警示和整改",
    "partner_removal": "取消合作",
    "clearance": "清退",
    "award": "评优和支持",
    "complaint": "举报投诉",
    "pilot_project": "试点项目",
    "recovery": "追回补助",
    "correction": "更正名单",
}

# Who begins a case of a kind: the office of itself, or its unit by applying for it, as most are.
BEGUN_BY: dict[str, tuple[str, ...]] = {
    "correction": ("clerk",),
    "sanction": ("clerk",),
    "partner_removal": ("clerk",),
    "clearance": ("clerk", "provider"),
}


def begun_by(kind: str) -> tuple[str, ...]:
    return BEGUN_BY.get(kind, ("provider",))


# The kinds that no app carries out yet, with the app that is to: what they say is checked and shown, and opens nothing.
AWAITED: dict[str, str] = {
    "unit_change": "changes",
    "service_change": "changes",
    "major_change_report": "changes",
    "progress_report": "changes",
    "entry": "selection",
    "task_book": "evaluations",
    "task_book_change": "evaluations",
    "evaluation": "evaluations",
    "award": "evaluations",
    "complaint": "pilots",
    "pilot_project": "pilots",
    "recovery": "pilots",
}

# What may be found and open a case (cases.models.GroundFound), and what it is called.
GROUNDS_FOUND: dict[str, str] = {
    "list_wrong": "已发布的名单有误",
    "ground": "规定的情形",
    "barred": "禁止期内列在名单上",
}

# What a case may do to a list (providers.operations.Action); a procedure may name some of those that its kind takes.
OPERATIONS: dict[str, str] = {
    "add_partner": "新增合作伙伴",
    "end_partner": "合作伙伴退出",
    "replace_partner": "更换合作伙伴",
    "add_item": "新增产品和服务",
    "edit_item": "调整产品和服务",
    "end_item": "停用产品和服务",
    "mend_unit": "改正单位名称、代码或登记地",
    "mend_partner": "改正合作伙伴名称",
    "restore_unit": "恢复误移出的单位",
}
# What an organisation is called is put right, and a removal undone; nobody asks for either as a change.
PUT_RIGHT = ("mend_unit", "mend_partner", "restore_unit")


def operations_of(kind: str) -> list[str]:
    """Those that a kind of procedure takes, whatever a row of it names."""
    return [one for one in OPERATIONS if kind == "correction" or one not in PUT_RIGHT]


# What somebody may raise while a list is shown; a stage of publicity may name some of them.
OBJECTION_KINDS: dict[str, str] = {"objection": "异议", "report": "举报", "complaint": "投诉"}


@dataclass(frozen=True)
class ObjectionField:
    """What an objection may be asked for besides the name and a way to reach who lodges it, which it always is."""

    title: str
    whose: tuple[str, ...] = ("individual", "organisation")
    is_file: bool = False
    sensitive: bool = False


OBJECTION_FIELDS: dict[str, ObjectionField] = {
    "employer": ObjectionField("工作单位", ("individual",)),
    "credit_code": ObjectionField("统一社会信用代码", ("organisation",)),
    "contact_person": ObjectionField("联系人", ("organisation",)),
    "address": ObjectionField("通讯地址"),
    "id_copy": ObjectionField("身份证件扫描件", ("individual",), is_file=True, sensitive=True),
    "statement": ObjectionField("加盖公章的书面材料", ("organisation",), is_file=True),
    "evidence": ObjectionField("证明材料", is_file=True),
}
# What a publicity asks whose row says nothing of it: the platform's own practice, and told as such.
OBJECTION_PRACTICE_REQUIRED = ("contact_person", "statement")
OBJECTION_PRACTICE_OPTIONAL = ("evidence",)

# What a text may ask for; the rest is taken on paper only.
FILE_KINDS = ("pdf", "jpeg", "png", "xlsx", "ofd", "doc", "docx")
FILE_KINDS_TAKEN = ("pdf", "jpeg", "png", "xlsx", "ofd")
# What a watermark can be put across.
FILE_KINDS_MARKED = ("pdf", "jpeg", "png")

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
    "rectification": "整改",
    "recheck": "复核",
    "appeal": "申诉",
    "filing": "备案",
    "award": "授牌",
}

ACTORS: dict[str, str] = {
    "provider": "申请单位",
    "clerk": "经办人",
    "decider": "审定人",
    "council": "会议",
    "district_reviewer": "区市审核人",
    "expert": "专家",
    "evaluator": "第三方机构",
    "pilot_enterprise": "试点企业",
    "public": "公众",
    "system": "系统",
}

# What a rule of a text is about.
RULE_KINDS: list[tuple[str, str]] = [
    ("limit", "限制"),
    ("stage", "程序"),
    ("duration", "期限"),
    ("material", "材料"),
    ("clearance_ground", "退出情形"),
    ("warning_ground", "警示情形"),
    ("removal_ground", "取消合作情形"),
    ("evaluation_frequency", "评价频次"),
    ("evaluation_dimension", "评价维度"),
    ("evaluation_grade", "评价等级"),
    ("reporting", "报送"),
    ("quota", "计划数"),
    ("condition", "条件"),
    ("publication", "公布"),
    ("role", "职责"),
    ("validity", "效力"),
    ("exception", "例外"),
    ("declaratory", "宣示"),
    ("conduct", "行为要求"),
    ("consequence", "后果"),
]

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
