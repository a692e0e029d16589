"""A procedure that takes only some operations, as its row names them."""

from typing import Any

import pytest
from django.urls import reverse

from cases import engine, steps
from cases.errors import Refused
from changes import offered
from changes import steps as change_steps
from changes.models import Operation
from cities.models import Procedure
from tests.changes.conftest import every_material, text
from tests.conftest import NOW, PARTNERS, add, submitted
from tests.rulebooks import limit, load_changed, load_other

pytestmark = pytest.mark.django_db

GUANGZHOU = "guangzhou-lead-units"
ITEM = {"item_code": "P-0099", "item_name": "示例产品"}
CLOUD = {"leaving_code": PARTNERS["cloud"][0], "leaving_name": PARTNERS["cloud"][1]}


def only(*names: str, term: str = "合作伙伴", **row: Any) -> Any:
    """The partners' change takes these operations only; its allowance is changed as `row` says."""

    def change(content: dict[str, Any]) -> None:
        content["procedures"][0]["operations"] = list(names)
        content["programme"]["partner_term"] = term
        limit(content, "changes_per_window").update(row)

    return change


def partners_only(content: dict[str, Any]) -> None:
    """Neither the title nor a document nor what is said besides speaks of a catalogue either."""
    only("add_partner", term="生态伙伴")(content)
    for provision in content["provisions"]:
        provision.pop("procedure", None)
    row = content["procedures"][0]
    row.update(title="新增生态伙伴", materials=[{**row["materials"][0], "label": "申请书"}])


@pytest.fixture
def programme(calendar, tmp_path, request):
    """The rulebook as the test's own change leaves it, or another one; everybody else in conftest lives in it."""
    param = getattr(request, "param", only("add_partner", term="生态伙伴"))
    return load_other(param) if param == GUANGZHOU else load_changed(tmp_path, param)


def buttons(response: Any) -> list[str]:
    return [action for row in response.context["buttons"] for action, _ in row]


# What is offered


@pytest.mark.parametrize(
    ("programme", "offers"),
    [
        (lambda content: None, list(Operation.Action.values)),
        (only(), list(Operation.Action.values)),
        (only("add_partner"), ["add_partner"]),
        (only("edit_item", "add_partner"), ["add_partner", "edit_item"]),
        (only("add_item", "end_item"), ["add_item", "end_item"]),
        (GUANGZHOU, ["add_partner"]),
    ],
    indirect=["programme"],
)
def test_form_offers_the_operations_of_the_row(page, offers):
    response = page.read()

    assert buttons(response) == offers
    for action in Operation.Action.values:
        assert (f'value="{action}"' in response.content.decode()) is (action in offers)


@pytest.mark.parametrize(
    ("programme", "term"),
    [(partners_only, "生态伙伴"), (GUANGZHOU, "联合体企业")],
    indirect=["programme"],
)
def test_nothing_speaks_of_a_catalogue_where_only_partners_are_added(page, client, draft, registration, term):
    action, facts = add("fresh", registration)
    change_steps.add_operation(draft, action, at=NOW, **facts)
    printed = client.get(reverse("change_print", args=[draft.pk]))

    for said in (text(page.read()), text(page.press("submit")), text(printed)):
        assert ("目录" in said, "产品" in said, "P-0012" in said) == (False, False, False)
        assert term in said
        assert "合作伙伴" not in said


def test_reason_is_asked_for_with_examples_that_can_be_applied_for(page):
    assert "甲公司自愿退出" not in text(page.read())


@pytest.mark.parametrize("programme", [only()], indirect=True)
def test_reason_is_asked_for_with_a_leaving_partner_where_one_may_leave(page):
    assert "甲公司自愿退出" in text(page.read())


@pytest.mark.parametrize(
    ("programme", "titles"),
    [
        (only("add_partner", joint=False), ["申请变更"]),
        (only("add_item", joint=False), ["申请变更"]),
        (only(joint=False), ["申请变更（合作伙伴）", "申请变更（产品和服务目录）"]),
        (only(joint=False, term="生态伙伴"), ["申请变更（生态伙伴）", "申请变更（产品和服务目录）"]),
    ],
    indirect=["programme"],
)
def test_allowance_is_told_of_what_may_be_applied_for(page, titles):
    found = [row.title for row in page.read().context["allowances"]]

    assert [title for title in found if title.startswith("申请变更")] == titles


@pytest.mark.parametrize("programme", [GUANGZHOU], indirect=True)
def test_missing_limits_are_told_and_nothing_is_looked_up(page, client, draft):
    assert "未规定申请的次数、间隔和联合体企业家数" in text(page.read())
    shown = client.get(reverse("change_operation", args=[draft.pk, "add_partner"]))
    assert "先查一查" not in text(shown)


# What is refused


@pytest.mark.parametrize(
    ("action", "facts", "name"),
    [("end_partner", CLOUD, "生态伙伴退出"), ("add_item", ITEM, "新增产品和服务")],
)
def test_step_refuses_what_the_row_does_not_name(draft, registration, action, facts, name):
    industry = registration.entries.get(industry__key="smart-terminals").industry
    where = {"industry": industry} if "leaving_code" in facts else {}

    with pytest.raises(Refused) as refused:
        change_steps.add_operation(draft, action, at=NOW, **where, **facts)

    assert refused.value.message == (
        f"“{draft.procedure}”只办新增生态伙伴（第十五条），不办{name}。要办的，联系工作人员。"
    )
    assert draft.partner_change.operations.count() == 0


@pytest.mark.parametrize("do", ["add", "look"])
def test_address_of_what_is_not_offered_leads_back_with_the_reason(page, client, draft, do):
    asked = client.get(reverse("change_operation", args=[draft.pk, "add_item"]))
    sent = page.add("add_item", do, **ITEM)

    assert asked.url == sent.url == page.url
    assert "只办新增生态伙伴（第十五条），不办新增产品和服务" in text(page.read())
    assert draft.partner_change.operations.count() == 0


@pytest.fixture
def narrowed(draft, page, registration) -> None:
    """A draft that holds a catalogue's item and a partner; then a row that only takes partners."""
    change_steps.add_operation(draft, "add_item", at=NOW, **ITEM)
    action, facts = add("fresh", registration)
    change_steps.add_operation(draft, action, at=NOW, **facts)
    Procedure.objects.filter(pk=draft.procedure_id).update(operations=["add_partner"])


@pytest.mark.parametrize("programme", [only()], indirect=True)
def test_draft_that_holds_what_is_no_longer_taken_is_not_filed(page, draft, narrowed):
    response = page.press("submit", reason="补充能力", truthful="on", **every_material())

    assert response.status_code == 422
    assert [row["text"] for row in response.context["problems"]] == [
        f"“{draft.procedure}”只办新增合作伙伴（第十五条），不办新增产品和服务。撤销不办的几项，再提交（第十五条）"
    ]
    assert engine.load(draft.pk).number is None


@pytest.mark.parametrize("programme", [only()], indirect=True)
def test_draft_is_filed_once_what_is_no_longer_taken_is_gone(page, draft, narrowed):
    item = draft.partner_change.operations.get(action="add_item")

    page.press(f"remove-{item.pk}", reason="补充能力", truthful="on", **every_material())

    assert page.press("submit", reason="补充能力", truthful="on").status_code == 302


def test_filed_application_keeps_that_its_operations_are_taken(apply, registration, provider):
    case = submitted(apply(registration, provider), by=provider, at=NOW)

    found = {check.key: check for check in steps.filing_checks(case)}
    assert (found["operations_offered"].passed, found["operations_offered"].article) == (True, "第十五条")


@pytest.mark.parametrize("programme", [only()], indirect=True)
def test_nothing_is_checked_where_the_row_names_no_operation(apply, registration, provider):
    case = submitted(apply(registration, provider), by=provider, at=NOW)

    assert "operations_offered" not in {check.key for check in steps.filing_checks(case)}


# The programme's own words


@pytest.mark.parametrize("programme", [partners_only], indirect=True)
def test_forms_speak_of_partners_as_the_programme_does(page, client, draft):
    url = reverse("change_operation", args=[draft.pk, "add_partner"])
    fresh = {
        "industry": "smart-terminals",
        "partner_code": PARTNERS["cloud"][0],
        "partner_name": PARTNERS["cloud"][1],
    }

    pages = [client.get(url), page.add("add_partner"), page.add("add_partner", **fresh)]

    said = " ".join(text(response) for response in pages)
    assert "写生态伙伴的统一社会信用代码" in said
    assert "已经是智能移动终端的生态伙伴，不能再新增" in said
    assert "合作伙伴" not in said


def test_what_is_filed_speaks_of_partners_as_the_programme_does(apply, registration, provider):
    case = submitted(apply(registration, provider), by=provider, at=NOW)

    assert case.submission["tally"] == "生态伙伴 ＋1"
    assert case.submission["unchanged"]["items"] == []


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ([], ""),
        (["add_partner"], ""),
        (["end_item", "end_item", "replace_partner"], "不办停用产品和服务、更换生态伙伴"),
    ],
)
def test_reason_names_each_operation_once(draft, wanted, why):
    assert offered.why_not(draft.procedure, wanted).endswith(why)
    assert bool(offered.why_not(draft.procedure, wanted)) is bool(why)


@pytest.mark.parametrize(
    ("programme", "is_asked"), [(GUANGZHOU, False), (only(), True)], indirect=["programme"]
)
def test_explanation_is_asked_for_only_where_a_limit_is_in_principle(page, is_asked):
    assert ("需要说明的" in text(page.read())) is is_asked
