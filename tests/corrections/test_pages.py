"""What everybody reads of a correction: the reason and both editions, linked both ways; and what the office reads besides."""

from typing import Any

import pytest
from django.urls import reverse

from cases import engine, grounds
from cases import steps as case_steps
from corrections import steps
from corrections.models import Correction
from providers.models import ListEdition
from tests.conftest import NOW, PARTNERS, UNITS, at
from tests.corrections.conftest import REASON, left_out, publish

pytestmark = pytest.mark.django_db
LATER = at("2026-09-18 09:00")
CODE, NAME = UNITS["first"]


@pytest.fixture
def corrected(filed: Any, decider: Any, stopped_clock: Any) -> ListEdition:
    """Edition 2, which corrects edition 1."""
    stopped_clock(LATER)
    edition = publish(filed, decider, LATER).edition
    assert edition is not None
    return edition


def body(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def page(client: Any, programme: Any, path: str = "") -> str:
    return body(client.get(f"{reverse('list', args=[programme.slug])}{path}"))


def test_edition_and_what_it_corrects_lead_to_one_another(client, programme, corrected):
    old, new = (body(client.get(reverse("edition", args=[programme.slug, number]))) for number in (1, 2))
    assert "这一版有误，已经更正" in old
    assert REASON in old
    assert f'href="{reverse("edition", args=[programme.slug, 2])}">9月18日 由第 2 版更正' in old
    assert f'更正<a href="{reverse("edition", args=[programme.slug, 1])}">第 1 版</a>' in new
    assert REASON in new
    assert "这一版有误" not in new


def test_past_day_shows_what_was_published_with_a_note_and_the_present_what_was_put_right(
    client, programme, corrected
):
    then, now = page(client, programme, "?day=2026-09-17"), page(client, programme)
    assert [PARTNERS["fresh"][1] in one for one in (then, now)] == [False, True]
    assert ["这份名单里有的内容后来更正了" in one for one in (then, now)] == [True, False]
    assert REASON in then
    assert "第 2 版是勘误" in now
    assert "已更正</span>" in now  # edition 1 in the strip


def test_unit_page_of_a_past_day_says_so_of_that_unit_only(client, programme, corrected):
    pages = [
        body(client.get(f"{reverse('unit', args=[programme.slug, UNITS[key][0]])}?day=2026-09-17"))
        for key in ("first", "second")
    ]
    assert ["后来更正了" in one for one in pages] == [True, False]
    own = body(client.get(reverse("unit", args=[programme.slug, CODE])))
    assert "后来更正了" not in own
    assert [own.count(tag) for tag in (">勘误</span>", ">已更正</span>")] == [1, 1]
    assert f'更正<a href="{reverse("edition", args=[programme.slug, 1])}">第 1 版</a>：{REASON}' in own
    assert f'9月18日 由<a href="{reverse("edition", args=[programme.slug, 2])}">第 2 版</a>更正' in own


def test_unit_is_found_by_the_code_that_was_wrong(client, programme, begun, clerk, decider, stopped_clock):
    right = "91990001MAQ000397B"
    facts = {"unit_code": right, "unit_name": "示例智造股份有限公司", "unit_place": ""}
    steps.add_operation(begun, "mend_unit", at=NOW, **facts)
    publish(case_steps.submit(engine.load(begun.pk), by=clerk, at=NOW), decider, LATER)
    stopped_clock(LATER)
    for code in (CODE, right):
        now = body(client.get(reverse("unit", args=[programme.slug, code])))
        assert "示例智造股份有限公司" in now
        assert right in now
    then = body(client.get(f"{reverse('unit', args=[programme.slug, right])}?day=2026-09-17"))
    assert f'<span class="code">{CODE}</span>' in then
    table = b"".join(client.get(f"{reverse('list_csv', args=[programme.slug])}?day=2026-09-17")).decode()
    assert CODE in table
    assert right not in table


def test_nothing_public_says_what_a_correction_rests_on(client, programme, corrected):
    urls = [
        reverse("edition", args=[programme.slug, 1]),
        reverse("edition", args=[programme.slug, 2]),
        reverse("list", args=[programme.slug]),
        reverse("unit", args=[programme.slug, CODE]),
    ]
    assert not any("核对了公布的原件" in body(client.get(url)) for url in urls)


def test_unit_reads_one_that_was_published_without_what_it_rests_on_and_none_before(
    client, provider, begun, clerk, decider, stopped_clock
):
    """What the office only thinks of is not the unit's to read until it is told."""
    client.force_login(provider)
    url = reverse("case", args=[begun.pk])
    assert client.get(url).status_code == 404
    assert "更正名单" not in body(client.get(reverse("my")))
    steps.add_operation(begun, "add_partner", at=NOW, **left_out(begun))
    filed = case_steps.submit(engine.load(begun.pk), by=clerk, at=NOW)
    assert client.get(url).status_code == 404
    assert "更正名单" not in body(client.get(reverse("my")))
    publish(filed, decider, LATER)
    stopped_clock(LATER)
    own = body(client.get(url))
    assert REASON in own
    assert "核对了公布的原件" not in own
    assert client.post(reverse("case_withdraw", args=[begun.pk]), {"reason": "不要"}).status_code == 404


def test_unit_is_told_by_letter_once_it_is_published(corrected, filed, provider):
    [letter] = filed.letters.all()
    assert letter.kind == "corrected"
    assert "已更正" in letter.subject
    assert REASON in letter.body


def test_clerk_writes_and_files_one_on_its_pages(client, clerk, registration, edition, stopped_clock):
    client.force_login(clerk)
    begin = reverse("admin:corrections_correction_add")
    assert NAME in body(client.get(f"{begin}?q=智造"))
    client.post(f"{begin}?registration={registration.pk}")
    correction = Correction.objects.get()
    url = reverse("admin:corrections_correction_change", args=[correction.pk])
    typed = {"corrects": "1", "reason": REASON, "evidence": "核对过"}
    empty = body(client.get(url))
    assert "提交之前还要办 4 件" in empty
    assert "与现行名单衔接" not in empty
    refused = client.post(url, {**typed, "do": "submit"})
    assert refused.status_code == 422
    assert "至少写一项更正" in refused.content.decode()
    operation = reverse("admin:corrections_correction_operation", args=[correction.pk, "mend_unit"])
    assert f'value="{NAME}"' in body(client.get(operation))
    same = client.post(operation, {"unit_name": NAME, "unit_code": CODE})
    assert "没有要改正的" in same.content.decode()
    client.post(operation, {"unit_name": "示例智造股份有限公司", "unit_code": CODE})
    assert "单位信息 ～1" in body(client.get(url))
    client.post(url, {**typed, "do": "submit"})
    case = engine.load(correction.pk)
    assert (case.stage.key, case.channel) == ("approval", "office")
    assert "核对过" in body(client.get(reverse("admin:cases_case_change", args=[case.pk])))


def test_operation_is_taken_off_and_the_draft_thrown_away(client, clerk, begun, stopped_clock):
    client.force_login(clerk)
    row = steps.add_operation(begun, "add_partner", at=NOW, **left_out(begun))
    url = reverse("admin:corrections_correction_change", args=[begun.pk])
    typed = {"corrects": "1", "reason": "", "evidence": ""}
    client.post(url, {**typed, "do": f"remove-{row.pk}"})
    assert not begun.correction.operations.exists()
    client.post(url, {**typed, "do": "discard"})
    assert engine.load(begun.pk).result == "discarded"


@pytest.mark.parametrize(
    ("name", "status"), [("clerk", 200), ("decider", 404), ("auditor", 404), ("other_clerk", 404)]
)
def test_draft_is_the_clerks_to_write(client, request, begun, stopped_clock, name, status):
    client.force_login(request.getfixturevalue(name))
    for place, more in (("change", []), ("operation", ["add_partner"])):
        url = reverse(f"admin:corrections_correction_{place}", args=[begun.pk, *more])
        assert client.get(url).status_code == status


def test_ground_leads_to_the_correction_that_takes_it_up(
    client, clerk, submitted_case, edition, stopped_clock
):
    client.force_login(clerk)
    told = {"label": "异议 YY-1", "evidence": "异议成立", "edition": edition, "by": clerk, "at": NOW}
    ground = grounds.find(
        "list_wrong", "objection:1", submitted_case.registration, found_in=submitted_case, **told
    )
    begin = f"{reverse('admin:corrections_correction_add')}?ground={ground.pk}"
    inbox = reverse("admin:cases_groundfound_change", args=[ground.pk])
    assert f'href="{begin}"' in body(client.get(inbox))
    client.post(begin)
    correction = Correction.objects.get()
    assert (correction.corrects, correction.evidence) == (edition, "异议 YY-1：异议成立")
    assert "已立案" in body(client.get(inbox))
    assert client.post(begin).status_code == 422


def test_programme_whose_rules_know_no_correction_says_so_instead(
    client, clerk, submitted_case, edition, programme, registration, stopped_clock
):
    programme.rulebooks.get().procedures.filter(kind="correction").delete()
    told = {"label": "异议 YY-1", "evidence": "异议成立", "edition": edition, "by": clerk, "at": NOW}
    ground = grounds.find(
        "list_wrong", "objection:1", submitted_case.registration, found_in=submitted_case, **told
    )
    client.force_login(clerk)
    add = reverse("admin:corrections_correction_add")
    for url in (
        reverse("admin:cases_groundfound_change", args=[ground.pk]),
        f"{add}?ground={ground.pk}",
        f"{add}?registration={registration.pk}",
    ):
        assert "没有写更正名单的程序，不能立案" in body(client.get(url))


def test_what_was_never_rightly_listed_is_deleted_and_has_not_left(
    client, clerk, decider, begun, stopped_clock
):
    client.force_login(clerk)
    url = reverse("admin:corrections_correction_change", args=[begun.pk])
    assert "删去误列的合作伙伴" in body(client.get(url))
    operation = reverse("admin:corrections_correction_operation", args=[begun.pk, "end_partner"])
    form = body(client.get(operation))
    assert "为什么不该列入" in form
    assert "退出的" not in form
    row = begun.registration.entries.order_by("industry__order").first()
    leaving = f"{row.industry.key}:{PARTNERS['cloud'][0]}"
    client.post(operation, {"leaving": leaving, "note": "录入时错列"})
    assert "－ 删去" in body(client.get(url))
    case = case_steps.submit(engine.load(begun.pk), by=clerk, at=NOW)
    client.force_login(decider)
    desk = body(client.get(reverse("admin:cases_case_change", args=[case.pk])))
    assert "－ 删去" in desk
    assert "只在“退回修改”时填" in desk
