"""Who signs documents: kept as rows in the admin, with the numbers that were given."""

from typing import Any

import pytest

from accounts import roles
from notices import issuers, issuing
from notices.models import Issuer, Notice
from records.models import Event
from tests.conftest import NOW, office
from tests.notices.conftest import SAID

ISSUERS = "/admin/notices/issuer/"


@pytest.fixture
def editor(programme: Any, client: Any, stopped_clock: Any) -> Any:
    found = office("editor", "方编辑", roles.RULEBOOK_EDITOR, programme)
    client.force_login(found)
    return found


@pytest.fixture
def issuer(wordings: Any) -> Issuer:
    return Issuer.objects.get()


def facts(issuer: Issuer, **other: Any) -> dict[str, Any]:
    named = {
        "city": issuer.city_id,
        "key": "other",
        "name": "示例市工业和信息化局",
        "number_word": "示工信演",
    }
    return {**named, **other}


def test_another_issuer_is_a_row(issuer, editor, client):
    response = client.post(f"{ISSUERS}add/", facts(issuer), follow=True)

    assert "已保存：示例市工业和信息化局" in response.content.decode()
    assert Issuer.objects.get(key="other").number_word == "示工信演"
    assert Event.objects.get(verb="notice.issuer").actor == editor


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"number_word": "SG"}, "机关代字只写汉字"),
        ({"number_word": "东数转演"}, "机关代字"),
        ({"name": ""}, "这个字段是必填项"),
        ({"key": "office"}, "office"),
    ],
)
def test_wrong_issuer_is_refused_and_what_was_typed_stays(issuer, editor, client, wrong, told):
    response = client.post(f"{ISSUERS}add/", facts(issuer, **wrong))

    assert response.status_code == 422
    assert told in response.content.decode()
    assert Issuer.objects.count() == 1


def test_name_changes_for_what_is_issued_from_then_on(issuer, editor, client, template):
    before = issuing.issue(template, SAID, by=None, at=NOW)
    client.post(
        f"{ISSUERS}{issuer.pk}/change/", {"name": "改名以后的专班", "number_word": issuer.number_word}
    )
    after = issuing.issue(template, SAID, by=None, at=NOW)

    assert before.issuers == [issuer.name]
    assert after.issuers == ["改名以后的专班"]
    assert after.number == "东数转演〔2026〕2号"


def test_word_of_the_numbers_stays_once_there_is_one(issuer, editor, client, template):
    address, changed = f"{ISSUERS}{issuer.pk}/change/", {"name": issuer.name, "number_word": "东新演"}
    assert client.post(address, changed).status_code == 302
    issuing.issue(template, SAID, by=None, at=NOW)

    response = client.post(address, {**changed, "number_word": "又新演"})
    assert response.status_code == 422
    assert "已经用“东新演”发过号，不能再改" in response.content.decode()
    assert Issuer.objects.get().number_word == "东新演"


def test_page_says_the_last_and_the_next_number_and_that_none_is_lacking(
    issuer, editor, client, template, plain_files
):
    for _ in range(2):
        issuing.issue(template, SAID, by=None, at=NOW)
    issuing.carry_out(NOW)
    issuing.withdraw(Notice.objects.get(ordinal=2), reason="发错了", by=None, at=NOW)
    issuing.issue(template, SAID, by=None, at=NOW)

    [series] = issuers.series_of(issuer)
    assert (series.last, series.next) == ("东数转演〔2026〕3号", "东数转演〔2026〕4号")
    assert (series.issued, series.withdrawn, series.waiting, series.lacking) == (1, 1, 1, [])
    shown = client.get(f"{ISSUERS}{issuer.pk}/change/").content.decode()
    assert "东数转演〔2026〕4号" in shown
    assert "变更公告（第 1 版）" in shown


def test_number_whose_document_somebody_took_away_is_lacking(issuer, template):
    for _ in range(3):
        issuing.issue(template, SAID, by=None, at=NOW)
    Notice.objects.filter(ordinal=2).delete()

    assert issuers.series_of(issuer)[0].lacking == [2]


def test_issuer_of_another_city_is_not_there(issuer, client, other_clerk):
    client.force_login(other_clerk)

    assert client.get(f"{ISSUERS}{issuer.pk}/change/").status_code == 404


def test_clerk_reads_and_does_not_keep(issuer, client, clerk, stopped_clock):
    client.force_login(clerk)

    shown = client.get(f"{ISSUERS}{issuer.pk}/change/")
    assert shown.status_code == 200
    assert "保存" not in shown.content.decode()
    assert client.post(f"{ISSUERS}{issuer.pk}/change/", {"name": "别的"}).status_code == 404
    assert client.get(f"{ISSUERS}add/").status_code == 404
