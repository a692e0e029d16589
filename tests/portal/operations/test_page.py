import re

import pytest
from django.urls import reverse

from accounts import roles
from cases import engine
from records import clock
from tests.conftest import at, office
from tests.portal.operations.conftest import queries

CLOSED = at("2026-10-04 00:00")
URL = "/admin/operations/"


@pytest.fixture
def keeper(django_user_model):
    """Who keeps the machine and was granted nothing."""
    return django_user_model.objects.create_superuser("keeper", "keeper@example.org", "a-long-password-9")


@pytest.fixture
def stuck(case_in_publicity, stopped_clock):
    engine.set_aside(case_in_publicity, "RuntimeError：no answer", at=CLOSED)
    stopped_clock(at("2026-10-05 09:00"))
    return case_in_publicity


def seen(client, user) -> str:
    client.force_login(user)
    page = client.get(URL).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2] or page))


def test_page_says_worst_first_what_why_and_what_to_do(client, keeper, stuck):
    said = seen(client, keeper)

    assert "2 项要处理" in said  # it was to be tried again long ago, too
    assert "截至 2026年10月5日 09:00:00" in said
    assert f"{stuck.number}，2026年10月4日 00:00 搁置（1 天）：RuntimeError：no answer" in said
    assert "docs/operations.md#stuck" in said
    assert said.index("被搁置的事项") < said.index("磁盘还剩")


def test_page_shows_no_organisation(client, keeper, stuck):
    assert stuck.organisation.name not in seen(client, keeper)


def test_auditor_sees_the_lines_of_what_he_may_read(client, auditor, stuck):
    assert stuck.number in seen(client, auditor)


def test_auditor_of_another_city_sees_the_number_and_not_the_case(client, stuck, other_clerk):
    elsewhere = other_clerk.grants.get().programme
    auditor = office("elsewhere", "外审计", roles.AUDITOR, elsewhere)

    said = seen(client, auditor)

    assert "被搁置的事项 1 件" in said
    assert "另有 1 条，是没有授权给您看的项目" in said
    assert stuck.number not in said


def test_page_is_not_there_for_a_clerk(client, clerk, stuck):
    client.force_login(clerk)

    assert client.get(URL).status_code == 404
    assert URL not in client.get("/admin/cases/case/").content.decode()


def test_page_is_a_place_of_the_sidebar(client, keeper, stuck):
    client.force_login(keeper)
    page = client.get(URL).content.decode()

    assert f'<a href="{reverse("admin:operations")}" aria-current="page">运行情况</a>' in page


def test_page_tells_real_time_beside_a_clock_that_was_moved(client, keeper, settings, tmp_path):
    assert "实际时间" in seen(client, keeper)  # the number itself says so
    settings.CLOCK_FILE = tmp_path / "clock.json"
    clock.shift_to(at("2031-01-02 09:00"))

    said = seen(client, keeper)

    assert "截至 2031年1月2日 09:0" in said
    assert "（实际时间 " in said


def test_page_takes_as_many_queries_for_three_rows_as_for_one(client, keeper, stuck):
    client.force_login(keeper)
    client.get(URL)
    one = queries(lambda: client.get(URL))
    for number in range(2):
        stuck.pk, stuck.number = None, f"XX-{number:04}"
        stuck.__class__.objects.create(
            number=stuck.number,
            programme=stuck.programme,
            procedure=stuck.procedure,
            organisation=stuck.organisation,
            created_at=CLOSED,
            set_aside_at=CLOSED,
            wake_at=CLOSED,
        )

    assert queries(lambda: client.get(URL)) == one
