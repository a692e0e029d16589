"""A unit that has left the list writes nothing more: what it has begun stays as it was, to be read, and says why."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import materials
from cases import steps as case_steps
from cases.errors import Refused
from cases.models import Case, GroundFound
from cases.queries import required_materials
from changes import steps as change_steps
from cities.queries import procedure_in_force
from clearance import steps
from tests.clearance.conftest import FACTS, begun
from tests.conftest import NOW, PDF, add

WHY = "移出名单，不能再改，也不能再提交；已填的内容保留，可以查看"


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(NOW)


@pytest.fixture
def change(apply: Any, registration: Any, provider: Any) -> Case:
    return apply(registration, provider)


@pytest.fixture
def leaving(registration: Any, provider: Any) -> Case:
    procedure = procedure_in_force(registration.programme, "exit", NOW)
    assert procedure is not None
    case = case_steps.draft(procedure, registration, by=provider, at=NOW)
    steps.save_exit(case, facts="业务调整", acknowledged=False, at=NOW)
    return case


def remove(registration: Any) -> None:
    registration.valid_to = NOW
    registration.save()


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("新的.pdf", PDF, "application/pdf")


def test_nothing_goes_into_a_change(change: Case, registration: Any, provider: Any) -> None:
    document, count = required_materials(change)[0], change.materials.count()
    operation = change.partner_change.operations.get()
    action, facts = add("shared", registration)
    remove(registration)
    for write in (
        lambda: change_steps.save(change, reason="另一个", explanation="", truthful=True, at=NOW),
        lambda: change_steps.add_operation(change, action, at=NOW, **facts),
        lambda: change_steps.remove_operation(operation, at=NOW),
    ):
        with pytest.raises(Refused, match=WHY):
            write()
    [problem] = materials.keep(change, document, upload(), by=provider, at=NOW)
    assert WHY in problem.message
    change.partner_change.refresh_from_db()
    assert change.partner_change.reason == "补充能力"
    assert change.partner_change.operations.count() == 1
    assert change.materials.count() == count


def test_page_of_a_change_says_so_and_keeps_what_is_typed(
    change: Case, registration: Any, provider: Any, client: Any
) -> None:
    address = reverse("change", args=[change.pk])
    client.force_login(provider)
    assert WHY not in client.get(address).content.decode()
    remove(registration)
    page = client.get(address).content.decode()
    assert WHY in page
    assert "补充能力" in page
    answer = client.post(address, {"reason": "刚刚写的", "do": "save"})
    assert answer.status_code == 422
    assert "刚刚写的" in answer.content.decode()
    assert client.get(reverse("change_operation", args=[change.pk, "add_partner"]))["Location"] == address
    assert client.post(address, {"do": "discard"}).status_code == 302
    change.refresh_from_db()
    assert change.result == Case.Result.DISCARDED


def test_page_of_an_exit_says_so_and_keeps_what_is_typed(
    leaving: Case, registration: Any, provider: Any, client: Any
) -> None:
    address, document = reverse("exit_request", args=[leaving.pk]), required_materials(leaving)[0]
    remove(registration)
    client.force_login(provider)
    page = client.get(address).content.decode()
    assert WHY in page
    assert "业务调整" in page
    answer = client.post(address, {"facts": "刚刚写的", document.anchor: upload(), "do": "save"})
    assert answer.status_code == 422
    assert "刚刚写的" in answer.content.decode()
    leaving.measure.refresh_from_db()
    assert leaving.measure.facts == "业务调整"
    assert not leaving.materials.exists()
    assert client.post(address, {"do": "discard"})["Location"] == reverse("my")


def test_nothing_goes_into_what_the_office_was_writing_and_it_can_be_thrown_away(
    registration: Any, clerk: Any, client: Any
) -> None:
    case = begun(registration, clerk, "ground_fraud")
    remove(registration)
    client.force_login(clerk)
    address = reverse("admin:clearance_measure_change", args=[case.pk])
    assert WHY in client.get(address).content.decode()
    answer = client.post(address, {"facts": "另一个", "do": "save"})
    assert (answer.status_code, WHY in answer.content.decode()) == (422, True)
    case.measure.refresh_from_db()
    assert case.measure.facts == FACTS
    assert client.post(address, {"do": "discard"}).status_code == 302
    assert GroundFound.objects.get().state == "set_aside"  # nobody could begin a case over it
