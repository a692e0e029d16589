import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from notices import loading, numbering, templates
from notices.issuing import issue
from notices.models import Issuer, Notice, NumberSeries
from tests.conftest import NOW, at
from tests.notices.conftest import FILE, SAID


@pytest.fixture
def issuer(wordings: Any) -> Issuer:
    return Issuer.objects.get()


def numbers(*moments: str, issuer: Issuer) -> list[str]:
    with transaction.atomic():
        return [str(numbering.take(issuer, at(moment))) for moment in moments]


def test_numbers_rise_within_a_local_year_without_zeros(issuer):
    assert numbers("2026-12-31 23:59", "2026-12-31 23:59", "2027-01-01 00:00", issuer=issuer) == [
        "东数转演〔2026〕1号",
        "东数转演〔2026〕2号",
        "东数转演〔2027〕1号",
    ]


def test_number_of_an_undone_transaction_is_the_next_ones(issuer):
    with transaction.atomic():
        numbering.take(issuer, NOW)
        transaction.set_rollback(True)

    assert numbers("2026-12-31 23:59", issuer=issuer) == ["东数转演〔2026〕1号"]


def test_database_refuses_a_number_twice(template):
    first, second = (issue(template, SAID, by=None, at=NOW) for _ in range(2))

    with pytest.raises(IntegrityError, match=r"ordinal|document_number_once"):
        Notice.objects.filter(pk=second.pk).update(ordinal=first.ordinal)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_two_who_issue_at_once_get_two_numbers_without_a_gap(programme):
    loading.load(FILE, at=NOW)
    template = templates.in_force(programme, "change")
    together = threading.Barrier(2)
    failed: list[Exception] = []

    def race() -> None:
        try:
            for _ in range(5):
                together.wait(timeout=20)
                with transaction.atomic():
                    issue(template, SAID, by=None, at=NOW)
        except Exception as error:  # noqa: BLE001 -- told to the test
            failed.append(error)
        finally:
            connection.close()

    runners = [threading.Thread(target=race) for _ in range(2)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join(timeout=60)

    assert failed == []
    assert sorted(Notice.objects.values_list("ordinal", flat=True)) == [*range(1, 11)]
    assert NumberSeries.objects.get().last == 10
