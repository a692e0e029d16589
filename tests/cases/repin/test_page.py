"""The page that moves one or all."""

from cases import engine, steps
from cases.models import Case
from cities.models import Rulebook
from records.models import Event
from tests.cases.repin.moving import FIVE, THREE, WHY, moved, renamed_desk
from tests.conftest import NOW
from tests.rulebooks import load_next

PAGE = "/admin/cases/case/repin/dongguan-lead-units/"


def shown(case: Case, rulebook: Rulebook) -> str:
    return f"{case.pk} {rulebook.pk}"


def test_page_lists_what_may_be_moved_with_every_date_that_differs(
    client, submitted_case, newer, decider, page_clock
):
    client.force_login(decider)

    page = client.get(PAGE).content.decode()
    assert "<h1>1 件在办，可以改按新版本</h1>" in page
    for said in ("DG-2026-0001", "示例智造科技有限公司", THREE, FIVE, "第十五条（二）", "改按第 2 版"):
        assert said in page


def test_all_that_are_shown_are_moved_and_one_that_cannot_says_why(
    client, three_cases, decider, clerk, tmp_path, page_clock
):
    """The version has no first desk: what stands there stays."""
    first, second, third = three_cases
    for case in (first, second):
        for material in case.materials.all():
            steps.verify_seal(material, by=clerk, at=NOW)
        steps.decide(case, "support", by=clerk, at=NOW, opinion="齐全")
    version = load_next(tmp_path, renamed_desk, moves_open_cases=True)
    client.force_login(decider)

    posted = {"reason": WHY, "shown": [shown(case, version) for case in three_cases]}
    response = client.post(PAGE, posted, follow=True)
    page = response.content.decode()
    assert f"已改按新版本 2 件：{first}、{second}。" in page
    assert f"没有“经办审核”这个环节，{third} 现在在那里" in page
    assert [engine.load(case.pk).rulebook.version for case in three_cases] == [2, 2, 1]


def test_one_is_moved_alone(client, three_cases, newer, decider, page_clock):
    client.force_login(decider)

    posted = {
        "reason": WHY,
        "one": shown(three_cases[1], newer),
        "shown": [shown(c, newer) for c in three_cases],
    }
    client.post(PAGE, posted)
    assert [engine.load(case.pk).rulebook.version for case in three_cases] == [1, 2, 1]


def test_reason_is_asked_for(client, submitted_case, newer, decider, page_clock):
    client.force_login(decider)

    response = client.post(PAGE, {"reason": " ", "shown": [shown(submitted_case, newer)]})
    assert response.status_code == 422
    assert "写明为什么改按新版本，不能留空" in response.content.decode()
    assert engine.load(submitted_case.pk).rulebook.version == 1


def test_case_that_moved_on_since_the_page_was_opened_is_left_alone(
    client, submitted_case, newer, decider, page_clock
):
    client.force_login(decider)
    moved(submitted_case, newer, decider)

    page = client.post(
        PAGE, {"reason": WHY, "one": shown(submitted_case, newer)}, follow=True
    ).content.decode()
    assert "打开页面以后，这件有了变化，没有改。" in page
    assert "没有要改按新版本的事项" in page
    assert Event.objects.filter(verb="repin").count() == 1


def test_page_is_there_for_deciders_of_this_city_only(
    client, submitted_case, newer, decider, clerk, auditor, other_clerk, page_clock
):
    def status(user):
        client.force_login(user)
        return client.get(PAGE).status_code, client.post(PAGE, {"reason": WHY}).status_code

    assert [status(user) for user in (clerk, auditor, other_clerk)] == [(404, 404)] * 3
    assert status(decider) == (200, 302)


def test_page_of_a_case_says_that_a_newer_version_takes_it_over(
    client, submitted_case, newer, decider, clerk, page_clock
):
    def page(user):
        client.force_login(user)
        return client.get(f"/admin/cases/case/{submitted_case.pk}/change/").content.decode()

    said = "牵引单位管理办法（第 2 版）已经施行，这件可以改按它办理"
    assert (said in page(clerk), PAGE in page(clerk)) == (True, False)
    assert PAGE in page(decider)
    assert "提交时锁定" in page(decider)

    moved(submitted_case, newer, decider)
    after = page(decider)
    assert said not in after
    assert "9月18日 09:00 改按这一版" in after
    assert "次数、间隔在改按这一版时重新查过（9月18日 09:00）" in after


def test_page_of_the_rulebook_leads_there_where_it_takes_over_cases(client, newer, decider, page_clock):
    client.force_login(decider)

    assert PAGE in client.get(f"/admin/cities/rulebook/{newer.pk}/change/").content.decode()
    first = Rulebook.objects.get(version=1)
    assert PAGE not in client.get(f"/admin/cities/rulebook/{first.pk}/change/").content.decode()
