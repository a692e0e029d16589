import pytest
from django.urls import reverse

from publicity import receipts, steps, views
from tests.publicity.conftest import CONTACT, OBJECTOR, what
from tests.publicity.pages.moments import DURING, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def objection(item, stopped_clock):
    stopped_clock(DURING)
    return steps.lodge(item, at=DURING, **what())


def look(client, number, code):
    return client.post(reverse("objection_receipts"), {"number": number, "code": code}, follow=True)


def test_look_up_by_number_and_code_tells_how_it_stands_and_not_by_whom(client, objection, clerk):
    code = receipts.code(objection)
    assert code in text(client.get(receipts.url(objection)))
    assert "等经办人决定是否受理" in text(look(client, objection.receipt, code))
    steps.not_accept(objection, refusal="no_facts", words="没有写哪一项不符", by=clerk, at=DURING)
    steps.tell_objector(objection, how="letter", on=DURING.date(), words="挂号信", by=clerk, at=DURING)
    found = look(client, objection.receipt.lower(), code.lower().replace("-", " "))
    said = text(found)
    expected = ("不予受理：没有具体的事实和理由", "没有写哪一项不符", "2026年9月30日，书面送达")
    assert [word for word in expected if word not in said] == []
    assert [
        word for word in (OBJECTOR, CONTACT, "停止经营", "挂号信") if word in found.content.decode()
    ] == []


@pytest.mark.parametrize("code", ["", "AAAAA-AAAAA", "一"])
def test_the_number_alone_tells_nothing(client, objection, code):
    real, unknown = (look(client, number, code) for number in (objection.receipt, "DG-YY-2026-0999"))
    assert (real.status_code, unknown.status_code) == (422, 422)
    assert "等经办人决定是否受理" not in text(real)
    assert text(real).replace(objection.receipt, "") == text(unknown).replace("DG-YY-2026-0999", "")


def test_codes_and_addresses_outlive_the_secret_of_the_site(settings, client, objection):
    code, url = receipts.code(objection), receipts.url(objection)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-secret-" * 4, []
    assert receipts.look_up(objection.receipt, code) == objection
    assert client.get(url).status_code == 200


def test_code_may_be_typed_as_it_is_read(objection):
    code = receipts.code(objection)
    typed = f" {code.lower().replace('-', ' ')} "
    assert receipts.look_up(f" {objection.receipt.lower()} ", typed) == objection


def test_look_ups_are_counted_by_network_and_strangers_shut_nobody_out(client, objection, monkeypatch):
    monkeypatch.setattr(views, "MOST_LOOK_UPS", 2)
    code = receipts.code(objection)
    url, right = reverse("objection_receipts"), {"number": objection.receipt, "code": code}
    assert [client.post(url, right).status_code for _ in range(3)] == [302, 302, 429]
    assert client.post(url, right, REMOTE_ADDR="198.51.100.7").status_code == 302
