"""A change that carries out an order holds what was ordered, all of it and nothing besides: it is not counted."""

from cases.checks import Check
from cases.models import Case
from changes.checks.question import Question
from changes.models import Operation
from cities.rulebooks.describe import citation
from providers.operations import ListOperation

ENDS = (Operation.Action.END_PARTNER, Operation.Action.REPLACE_PARTNER)


def as_ordered(question: Question) -> list[Check]:
    """Nothing where no order is known: what came from paper is looked at by the clerk."""
    order = question.case.order
    if order is None:
        return []
    to_end = order.submission.get("partner") or {}
    code, name = to_end.get("code", ""), to_end.get("name", "")
    besides = [one for one in question.operations if not _belongs(one, code)]
    left = [one["industry"] for one in question.list_then["partners"] if one["code"] == code]
    article, url = citation(order.procedure)
    wrong = []
    if order.result == Case.Result.REVOKED:
        wrong.append(f"{order} 已撤销，不再按责令变更")
    if besides:
        wrong.append(f"{order} 责令取消与{name}的合作，有 {len(besides)} 项不是这件事")
    if left:
        places = "、".join(question.industry_name(key) for key in left)
        wrong.append(f"{name}在{places}行业还没有退出")
    return [
        Check(
            key="as_ordered",
            title="与责令相符",
            passed=not wrong,
            message="；".join(wrong) or f"按 {order} 责令，{name}在各行业都退出",
            article=article,
            article_url=url,
            advice="别的变更另行申请；责令的写全" if wrong else "",
            anchor="operations",
        )
    ]


def _belongs(operation: ListOperation, code: str) -> bool:
    """What the partner brought to the catalogue goes with it."""
    if operation.action == Operation.Action.END_ITEM:
        return True
    return operation.action in ENDS and operation.leaving_code == code
