"""What a unit that leaves or has left reads on its own pages."""

from typing import Any

import pytest
from django.urls import reverse

from cases import engine, inbox, steps
from cases import sweep as sweeping
from cases.models import Case
from notices import loading
from notices.models import Notice
from tests.clearance.conftest import filed, made
from tests.clearance.partners import ordered
from tests.conftest import NOW, PARTNERS
from tests.notices.conftest import FILE as WORDINGS


def read(client: Any, user: Any, url: str) -> str:
    client.force_login(user)
    return str(client.get(url).content.decode())


@pytest.fixture
def cleared(registration: Any, clerk: Any, decider: Any, provider: Any, stopped_clock: Any) -> Case:
    loading.load(WORDINGS, at=NOW)
    case = filed(registration, clerk, "ground_fraud")
    steps.decide(case, "clear", by=decider, at=NOW, opinion="属实")
    sweeping.sweep(NOW)
    return engine.load(case.pk)


class TestOfAUnitThatHasLeft:
    def test_it_reads_whether_it_was_announced_and_what_bars_it(
        self, cleared: Case, provider: Any, client: Any
    ) -> None:
        assert "不得再申请入库" not in read(client, provider, reverse("my"))
        made(cleared)
        letter = inbox.of_case(cleared).latest("written_at")
        inbox.confirm(letter, provider, NOW)
        said = read(client, provider, reverse("my"))
        notice = Notice.objects.get(case=cleared, is_public=True)
        for told in (
            f'<a href="{reverse("notice", args=[notice.code])}">{notice.title}</a>',
            f"被清退（依据{cleared.submission['grounds'][0]['article']}，{cleared}），不得再申请入库",
            "第十条",
            "认为当时的决定有误的",
            "对本决定有意见的，可以向",
        ):
            assert told in said

    def test_it_reads_that_nothing_was_announced_yet(
        self, cleared: Case, clerk: Any, client: Any, provider: Any
    ) -> None:
        Notice.objects.filter(case=cleared).update(state="withdrawn", issued_at=None)
        inbox.confirm(inbox.of_case(cleared).latest("written_at"), provider, NOW)
        assert "要向社会公告，公告还没有发布" in read(client, provider, reverse("my"))


class TestBeforeItLeaves:
    @pytest.fixture
    def address(self, registration: Any, stopped_clock: Any) -> str:
        return reverse("leave", args=[registration.pk, "exit"])

    def test_page_tells_what_it_means_and_begins_nothing(
        self, address: str, registration: Any, clerk: Any, decider: Any, provider: Any, client: Any
    ) -> None:
        order = ordered(registration, clerk, decider)
        unheard = filed(registration, clerk, "ground_fraud")
        assert f'href="{address}"' in read(client, provider, reverse("my"))
        said = read(client, provider, address)
        for told in (
            PARTNERS["cloud"][1],
            "产品和服务目录 1 项",
            str(order),
            f"以后不得再次申请成为{registration.programme.registrant_term}（第十条）",
            "应当公告单位名称和原因",
            "决定之前可以撤回申请",
            "什么也不会提交",
        ):
            assert told in said
        assert str(unheard) not in said
        assert not Case.objects.filter(procedure__key="exit").exists()

    def test_its_button_begins_the_draft_and_from_then_on_it_leads_there(
        self, address: str, registration: Any, provider: Any, client: Any
    ) -> None:
        begin = reverse("apply", args=[registration.pk, "exit"])
        assert f'action="{begin}"' in read(client, provider, address)
        client.post(begin)
        draft = Case.objects.get(procedure__key="exit")
        said = read(client, provider, address)
        assert f'action="{begin}"' not in said
        assert reverse("exit_request", args=[draft.pk]) in said

    def test_it_is_there_for_its_own_unit_and_for_leaving_alone(
        self,
        address: str,
        registration: Any,
        stranger: Any,
        clerk: Any,
        other_clerk: Any,
        provider: Any,
        client: Any,
    ) -> None:
        for who in (stranger, clerk, other_clerk):
            client.force_login(who)
            assert client.get(address).status_code == 404
        client.force_login(provider)
        for procedure in ("clearance", "partner_change", "nothing"):
            url = reverse("leave", args=[registration.pk, procedure])
            assert client.get(url).status_code == 404
