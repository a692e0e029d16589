"""The pages of batches in the admin."""

import re
from typing import Any

import pytest
from django.urls import reverse

from accounts import roles
from cases import batches, engine
from cases.models import Batch, Case
from cases.sweep import sweep
from cities.models import Procedure, Stage
from providers.models import ListEdition
from publicity import steps as publicity_steps
from publicity.models import Opening, PublicityPeriod
from tests.batches import approved, batch_of, enter_units, file, filed, fresh, item, procedure_of
from tests.cases.test_batches import look_at_seals
from tests.conftest import NOW, at, office

LIST = "/admin/cases/batch/"
SHOWN, OVER = at("2026-09-28 10:00"), at("2026-10-04 00:00")


@pytest.fixture(autouse=True)
def clock_stands_at_now(stopped_clock):
    return stopped_clock


@pytest.fixture
def three(apply: Any, programme: Any, clerk: Any) -> list[Case]:
    return filed(apply, programme, 3, clerk)


@pytest.fixture
def batch(programme: Any, three: list[Case], clerk: Any) -> Batch:
    return batches.create(procedure_of(programme), three, by=clerk, at=NOW, label="九月变更")


def page_of(batch: Batch) -> str:
    return reverse("admin:cases_batch_change", args=[batch.pk])


def opening(batch: Batch) -> str:
    return reverse("admin:publicity_publicityperiod_open_batch", args=[batch.pk])


def opened(client: Any, batch: Batch, **typed: Any) -> Any:
    """The page that the clerk's browser comes to by itself once the worker has done what was asked for."""
    asked = client.post(opening(batch), typed).url
    waiting = client.get(asked)
    assert waiting.headers["Refresh"] == "3"
    assert "正在开始公示" in text(waiting)
    assert "正在开始公示" in text(client.get(page_of(batch)))
    publicity_steps.carry_out_openings(SHOWN)
    return client.get(asked, follow=True)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def ticks(cases: list[Case]) -> list[str]:
    return [f"{case.pk} {batches.since(case)}" for case in fresh(cases)]


def act(client: Any, user: Any, batch: Batch, do: str, **typed: Any) -> Any:
    client.force_login(user)
    return client.post(page_of(batch), {"do": do, **typed})


def support(client: Any, user: Any, batch: Batch, **typed: Any) -> Any:
    return act(client, user, batch, "decide", desk="review", outcome="support", opinion="材料齐全", **typed)


def test_page_shows_each_case_with_what_it_asks_and_where_it_is(client, clerk, batch, three):
    client.force_login(clerk)
    said = text(client.get(page_of(batch)))
    assert "九月变更：3 件，审核中" in said
    for case in three:
        assert f"{case.organisation}" in said
        assert str(case) in said
    assert "目录 ＋1" in said
    assert "份待核章" in said
    assert "经办审核 3" in said


@pytest.mark.parametrize("number", [1, 3, 12])
def test_page_and_list_ask_as_much_whatever_the_number_of_cases(
    apply, programme, clerk, client, number, django_assert_max_num_queries
):
    cases = filed(apply, programme, number, clerk)
    batch = batches.create(procedure_of(programme), cases, by=clerk, at=NOW)
    client.force_login(clerk)
    client.get(page_of(batch))
    with django_assert_max_num_queries(QUERIES_OF_A_PAGE):
        client.get(page_of(batch))
    with django_assert_max_num_queries(QUERIES_OF_THE_LIST):
        client.get(LIST)


QUERIES_OF_A_PAGE, QUERIES_OF_THE_LIST = 43, 27


def test_chosen_cases_are_decided_together(client, clerk, batch, three):
    look_at_seals(three, clerk)
    response = support(client, clerk, batch, chosen=ticks(three[:2]))
    assert response.status_code == 302
    assert [case.stage.key for case in fresh(three)] == ["approval", "approval", "review"]
    assert "已办理 2 件" in text(client.get(page_of(batch)))


def test_whole_page_is_decided_without_ticking_each(client, clerk, batch, three):
    look_at_seals(three, clerk)
    support(client, clerk, batch, whole="1", shown=ticks(three))
    assert {case.stage.key for case in fresh(three)} == {"approval"}


def test_refused_ones_are_told_with_why_and_what_was_written_stays(client, clerk, batch, three):
    look_at_seals(three[1:], clerk)
    response = support(client, clerk, batch, chosen=ticks(three))
    said = text(response)
    assert response.status_code == 200
    assert "已办理 2 件" in said
    assert said.index("尚未办理 1 件") < said.index("已办理 2 件")
    assert "<details><summary>已办理 2 件" in response.content.decode()
    assert "还没有核对盖章" in said
    assert "材料齐全</textarea>" in response.content.decode()
    assert response.content.decode().count(" checked") == 2  # the outcome, and the case that was refused


def test_form_that_is_incomplete_decides_nothing(client, clerk, batch, three):
    response = act(client, clerk, batch, "decide", desk="review", chosen=ticks(three))
    assert (response.status_code, "选一个结果" in text(response)) == (422, True)
    assert {case.stage.key for case in fresh(three)} == {"review"}


def test_nothing_chosen_is_a_sentence(client, clerk, batch):
    response = support(client, clerk, batch)
    assert (response.status_code, "没有选事项" in text(response)) == (422, True)


def test_decider_cannot_decide_at_the_clerks_desk(client, decider, batch, three, clerk):
    look_at_seals(three, clerk)
    response = support(client, decider, batch, chosen=ticks(three))
    assert response.status_code == 422
    assert {case.stage.key for case in fresh(three)} == {"review"}


def test_remove_split_add_from_the_page(client, clerk, batch, three):
    act(client, clerk, batch, "remove", chosen=ticks(three[:1]), reason="材料待补")
    act(client, clerk, batch, "split", chosen=ticks(three[1:2]), reason="另行审核", label="十月")
    new = Batch.objects.get(label="十月")
    assert [batch_of(case) for case in three] == [None, new, batch]
    act(client, clerk, batch, "add", candidate=[str(three[0].pk)])
    assert batch_of(three[0]) == batch


def test_remove_without_a_reason_keeps_what_is_ticked(client, clerk, batch, three):
    response = act(client, clerk, batch, "remove", chosen=ticks(three[:1]), reason="")
    assert (response.status_code, "写明原因" in text(response)) == (422, True)
    assert " checked" in response.content.decode()


@pytest.mark.parametrize("do", ["remove", "split", "add", "gather", "release"])
def test_auditor_sees_and_changes_nothing(client, auditor, batch, three, do):
    client.force_login(auditor)
    page = client.get(page_of(batch))
    assert (page.status_code, 'name="do"' in page.content.decode()) == (200, False)
    typed = {"chosen": ticks(three), "reason": "有误", "candidate": [str(three[0].pk)]}
    assert act(client, auditor, batch, do, **typed).status_code == 422
    assert [batch_of(case) for case in three] == [batch] * 3


@pytest.mark.parametrize("who", ["other_clerk", "provider_of_first"])
def test_stranger_gets_404_everywhere(request, client, batch, who, three):
    user = request.getfixturevalue(who)
    client.force_login(user)
    for url in (page_of(batch), opening(batch)):
        assert client.get(url).status_code == client.post(url, {"do": "remove"}).status_code == 404
    assert str(batch.number) not in client.get(LIST).content.decode()


@pytest.fixture
def provider_of_first(three):
    return office("own", "陈办事", roles.PROVIDER_MANAGER, three[0].organisation)


def test_provider_sees_its_own_case_and_none_of_the_others(client, provider_of_first, batch, three):
    client.force_login(provider_of_first)
    own = client.get(reverse("case", args=[three[0].pk]))
    assert (own.status_code, three[1].organisation.name in own.content.decode()) == (200, False)
    assert client.get(reverse("case", args=[three[1].pk])).status_code == 404


def test_new_batch_gathers_its_window(client, clerk, apply, programme):
    case = file(apply, enter_units(programme, 1)[0], clerk, item(1))
    client.force_login(clerk)
    typed = {"procedure": case.procedure_id, "label": "九月", "window_from": "2026-09-01"}
    refused = client.post(f"{LIST}add/", typed)
    assert (refused.status_code, "两头都要写" in text(refused)) == (422, True)
    client.post(f"{LIST}add/", {**typed, "window_to": "2026-08-01"})
    assert not Batch.objects.exists()
    client.post(f"{LIST}add/", {**typed, "window_to": "2026-09-30"})
    assert batch_of(case) == Batch.objects.get(label="九月")


def test_list_is_narrowed_by_state(client, clerk, batch):
    client.force_login(clerk)
    assert batch.number in text(client.get(LIST, {"state": "desks"}))
    assert batch.number not in text(client.get(LIST, {"state": "shown"}))
    assert client.get(LIST, {"state": "x"}).status_code == 400


def test_batch_is_opened_shown_and_published_from_its_pages(
    client, clerk, decider, batch, three, stopped_clock
):
    approved(three[:2], clerk, decider)
    stopped_clock(SHOWN)
    client.force_login(clerk)
    assert "开始公示本批" in text(client.get(page_of(batch)))
    assert "要一起提交意见，先选一个由您办的环节：" in text(
        client.get(page_of(batch), {"stage": "publicity"})
    )
    page = text(client.get(opening(batch)))
    assert "2 件待公示，1 件还没有审定" in page
    asked = client.post(opening(batch))
    assert (asked.status_code, "还有 1 件没有审定，不能整批公示" in text(asked)) == (422, True)
    assert not Opening.objects.exists()
    assert "已开始公示 2 件" in text(opened(client, batch, without_rest="on"))
    assert PublicityPeriod.objects.get().items.count() == 2
    Stage.objects.filter(kind="publicity").update(release=Stage.Release.CONFIRMED)
    sweep(OVER)
    stopped_clock(OVER)
    act(client, clerk, batch, "release")
    assert {case.result for case in fresh(three[:2])} == {"published"}
    assert ListEdition.objects.count() == 2
    assert "已发布 2 件" in text(client.get(page_of(batch)))


def test_case_page_names_its_batch_and_publishes_with_it(client, clerk, batch, three):
    client.force_login(clerk)
    page = client.get(reverse("admin:cases_case_change", args=[three[0].pk])).content.decode()
    assert page_of(batch) in page
    assert engine.load(three[0].pk).batch == batch


@pytest.mark.parametrize(
    ("written", "gathers"), [([], False), (["09-01/09-30"], True), (["03-01/03-31"], False)]
)
def test_new_batch_without_days_takes_the_window_of_the_row(
    client, clerk, apply, programme, written, gathers
):
    case = file(apply, enter_units(programme, 1)[0], clerk, item(1))
    Procedure.objects.filter(pk=case.procedure_id).update(review_windows=written)
    client.force_login(clerk)
    client.post(f"{LIST}add/", {"procedure": case.procedure_id})
    batch = Batch.objects.get()
    assert (batch_of(case) == batch, bool(batch.window_from), bool(batch.article)) == (
        gathers,
        bool(written),
        bool(written),
    )
