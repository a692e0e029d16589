"""Objections dealt with on the office's page."""

import pytest
from django.urls import reverse

from cases.models import Case
from cases.sweep import sweep
from publicity import steps
from tests.conftest import at
from tests.publicity.conftest import DURING, OBJECTOR

OVER = at("2026-10-04 00:00:00")
AFTER = at("2026-10-09 09:00")


def test_an_objection_goes_its_way_by_the_forms_of_its_page(seen_by, stopped_clock, item, objection):
    client = seen_by("clerk")
    stopped_clock(AFTER)
    assert sweep(AFTER).done == []
    page = reverse("admin:publicity_objection_change", args=[objection.pk])
    said = [
        client.post(page, data, follow=True).content.decode()
        for data in (
            {"act": "accept"},
            {"act": "note", "words": "已到现场"},
            {"act": "note", "words": "看了合同"},
            {"act": "conclude", "conclusion": "dismissed", "words": "已核实，仍在经营"},
            {"act": "tell", "how": "phone", "on": "2026-10-09", "words": ""},
        )
    ]
    assert ["登记核实</button>" in page for page in said] == [True, True, True, False, False]
    assert [word for word in ("已到现场", "看了合同") if word not in said[2]] == []
    assert "2026年10月9日，电话" in said[4]
    assert sweep(AFTER).done == [item.case.number]


def test_not_accepted_with_its_reason_frees_the_case(seen_by, stopped_clock, item, objection):
    client = seen_by("clerk")
    stopped_clock(AFTER)
    page = reverse("admin:publicity_objection_change", args=[objection.pk])
    data = {"act": "not_accept", "refusal": "no_facts", "words": "没有写哪一项不符"}
    assert "没有具体的事实和理由" in client.post(page, data, follow=True).content.decode()
    objection.refresh_from_db()
    assert (objection.state, objection.conclusion) == ("not_accepted", "没有写哪一项不符")
    assert sweep(AFTER).done == [item.case.number]


@pytest.mark.parametrize("conclusion", ["upheld", "upheld_in_part"])
def test_upheld_and_the_desk_has_it_back(seen_by, item, looked_into, conclusion):
    page = reverse("admin:publicity_objection_change", args=[looked_into.pk])
    data = {"act": "conclude", "conclusion": conclusion, "words": "查实已停止经营"}
    response = seen_by("clerk").post(page, data, follow=True)
    case = Case.objects.select_related("stage").get(pk=item.case_id)
    assert case.stage.kind == "review"
    assert f"已退回“{case.stage}”" in response.content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"conclusion": "dismissed", "words": ""}, "写明处理意见，不能留空"),
        ({"words": "已核实"}, "选结论"),
        (
            {"conclusion": "upheld", "words": f"{OBJECTOR}反映属实"},
            "这里有提出异议的人的姓名、单位或联系方式",
        ),
        ({"conclusion": "upheld", "words": "来电 13900002222 反映属实"}, "这里有手机号码"),
    ],
)
def test_conclusion_that_is_wrong_is_refused(seen_by, looked_into, data, said):
    address = reverse("admin:publicity_objection_change", args=[looked_into.pk])
    response = seen_by("clerk").post(address, {"act": "conclude", **data})
    looked_into.refresh_from_db()
    assert (response.status_code, looked_into.state) == (422, "investigated")
    assert said in response.content.decode()
    assert data.get("words", "") in response.content.decode()


def test_conclude_twice_is_refused(seen_by, clerk, looked_into):
    client = seen_by("clerk")
    steps.conclude(looked_into, conclusion="dismissed", words="已核实", by=clerk, at=DURING)
    page = reverse("admin:publicity_objection_change", args=[looked_into.pk])
    refused = client.post(page, {"act": "conclude", "conclusion": "upheld", "words": "查实"})
    looked_into.refresh_from_db()
    assert refused.status_code == 422
    assert "已经处理过：不成立" in refused.content.decode()
    assert (looked_into.state, looked_into.conclusion) == ("dismissed", "已核实")
