"""What a removal says to the unit: what was decided and why, what ends with it, whether it may come back, where to turn."""

from typing import Any

import pytest

from cities.models import City, Limit, Programme, Stage
from clearance import ending
from notices import loading
from notices.models import Notice
from providers.models import CatalogueItem, CatalogueVersion
from tests.clearance.conftest import FACTS, GUANGZHOU, filed, ordered
from tests.clearance.test_serving import letter_of, removed
from tests.conftest import NOW, PARTNERS
from tests.notices.conftest import FILE as WORDINGS
from tests.rulebooks import load_other


@pytest.fixture
def programme(calendar: None) -> Programme:
    return load_other(GUANGZHOU)


def test_letter_says_all_that_follows(registration: Any, clerk: Any, decider: Any) -> None:
    City.objects.update(phone="020-00000000")
    loading.load(WORDINGS.with_name(f"{GUANGZHOU}.yaml"), at=NOW)
    unheard = filed(registration, clerk, "bad_faith")
    other = ordered(registration, clerk, decider)
    case = removed(registration, clerk, decider)
    said = letter_of(case).body
    ground = case.submission["grounds"][0]
    bar = registration.removals.get().bars.get()
    for told in (
        f"作出“{case.procedure}”的决定",
        "经2026年9月24日局务会审议（纪要〔2026〕3号）确认",
        f"{ground['label']}（{ground['article']}）",
        FACTS,
        "名单（第 2 版）",
        PARTNERS["cloud"][1],
        f"“{other.procedure}”（{other.number}）已经终止",
        f"以后不得再次申请成为牵引单位（{bar.limit.article}）",
        "电话：020-00000000",
        "没有规定申诉的程序和期限",
    ):
        assert told in said
    assert str(unheard) not in said
    body = Notice.objects.get(case=case).body
    assert "尚未办结的其他申请一并终止" in body
    assert "对本决定有意见的，可以向" in body
    assert str(other) not in body


def test_where_no_row_bars_the_letter_says_that_the_text_is_silent(
    registration: Any, clerk: Any, decider: Any
) -> None:
    Limit.objects.filter(measure="reentry_after_clearance").update(after=[])
    said = letter_of(removed(registration, clerk, decider)).body
    assert f"能不能再申请：{registration.programme.rulebooks.get().short_title}没有规定" in said


def test_nothing_is_said_to_stop_that_the_list_does_not_know(
    registration: Any, programme: Programme, clerk: Any
) -> None:
    case = filed(registration, clerk, "bad_faith")
    assert ending.after(case, "其").startswith("其名下的联合体企业、产品和服务目录同时停止")
    CatalogueVersion.objects.all().delete()
    CatalogueItem.objects.all().delete()
    assert ending.after(case, "其").startswith("其名下的联合体企业同时停止，")
    case.programme.partner_term = ""
    assert ending.after(case, "你单位") == "你单位尚未办结的其他申请一并终止"


def test_bar_for_a_time_says_until_when_in_letter_and_document(
    registration: Any, programme: Programme, clerk: Any, decider: Any
) -> None:
    loading.load(WORDINGS.with_name(f"{GUANGZHOU}.yaml"), at=NOW)
    rule = programme.rulebooks.get().countingrules.filter(unit="calendar", roll="none")[0]
    rows = Limit.objects.filter(measure="reentry_after_clearance")
    rows.update(window="span", span_number=10, counting_rule=rule)
    case = removed(registration, clerk, decider)
    assert "2026年10月4日 24:00 以前不得再次申请成为牵引单位（4.4）" in letter_of(case).body
    assert (
        "你单位在2026年10月4日24:00以前不得再次申请成为牵引单位（4.4）" in Notice.objects.get(case=case).body
    )


def test_way_to_appeal_is_the_row_s_with_its_article(registration: Any, programme: Programme) -> None:
    rulebook = programme.rulebooks.get()
    City.objects.update(phone="", address="")
    silent = ending.remedy(programme, rulebook)
    assert silent == f"对本决定有意见的，可以向{programme.authority}提出"
    row = Stage.objects.filter(procedure__rulebook=rulebook, kind="statement").select_related("article")[0]
    rule = rulebook.countingrules.filter(unit="working")[0]
    Stage.objects.filter(pk=row.pk).update(kind="appeal", label="申诉", span_number=10, counting_rule=rule)
    said = ending.remedy(programme, rulebook)
    assert said == f"对本决定不服的，可以在10 个工作日内向{programme.authority}提出申诉（{row.article}）"
