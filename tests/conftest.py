"""The same few people everywhere: a clerk and a decider of this city, a clerk of another, a provider, a stranger."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as site
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models.signals import post_migrate
from django.utils import timezone

from accounts import roles
from accounts.grants import grant
from accounts.models import User
from cases import engine, steps
from cases.models import Case
from cases.queries import required_materials
from changes import steps as change_steps
from changes.models import Operation
from cities.calendar.loading import seed
from cities.models import City, Programme
from cities.queries import procedure_in_force
from cities.rulebooks.load import load
from portal import celery_app
from providers import registry
from providers.listed import ListedItem, ListedPartner, ListedUnit
from providers.models import Organisation, Registration
from publicity import steps as publicity_steps
from records import clock, files
from records.trail import guards
from tests import remembered as memory
from tests.emptying import empty_what_is_filled
from tests.remembered import remembered
from tests.together import OneProcessForServers, mark_once

RULEBOOK = Path(__file__).parent.parent / "fixtures/rulebooks/dongguan-lead-units.yaml"
PDF = (Path(__file__).parent.parent / "fixtures/rehearsals/paper.pdf").read_bytes()


def at(text: str) -> datetime:
    """A local moment: at("2026-09-17 10:32")."""
    return timezone.make_aware(datetime.fromisoformat(text))


NOW = at("2026-09-17 10:32")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneProcessForServers:
    return OneProcessForServers(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mark_once(items)


def pytest_collection_finish() -> None:
    """What has been imported by now stays: looking through it for garbage again and again took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """SQLite's tables are emptied between tests by deleting, which the guards of the trail would refuse. On PostgreSQL each
    process copies what scripts/test has migrated once."""
    if os.environ.get("TEST_TABLES_FROM_DATABASE"):
        connection.settings_dict["TEST"]["TEMPLATE"] = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        post_migrate.disconnect(guards.install, sender=apps.get_app_config("records"))


@pytest.fixture(scope="session", autouse=True)
def own_cache(worker_id: str) -> None:
    """Each process empties its cache before every test: on Redis that is a database of its own."""
    default = site.CACHES["default"]
    if default.get("LOCATION") and worker_id != "master":
        address, _, number = default["LOCATION"].rpartition("/")
        default["LOCATION"] = f"{address}/{int(number) + int(worker_id.removeprefix('gw'))}"


@pytest.fixture(scope="session", autouse=True)
def quick_emptying() -> None:
    empty_what_is_filled()


@pytest.fixture(scope="session", autouse=True)
def made_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> None:
    """By one of the processes. On PostgreSQL each for itself: what numbers the rows there does not follow rows that are put."""
    if connection.vendor == "sqlite" and worker_id != "master":
        memory.share(tmp_path_factory.getbasetemp().parent / "remembered")


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "files"
    settings.CLOCK_FILE = None
    cache.clear()  # how often something was tried is counted there
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Else each test client would list every static file before its first page.
    settings.WHITENOISE_AUTOREFRESH = True
    memory.begin()


@pytest.fixture(autouse=True)
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that were sent to the queue. None is: no worker of another test shall find it."""
    names: list[str] = []
    monkeypatch.setattr(celery_app, "send_task", lambda name, **options: names.append(name))
    return names


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set what the site's clock says."""

    def stop(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    stop(NOW)
    return stop


@contextmanager
def clock_at_now() -> Iterator[None]:
    """For rows whose history begins at NOW, whatever the clock of the test that asks for them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        yield


def put_calendar() -> None:
    with clock_at_now():
        _seed()


@remembered
def _seed() -> None:
    seed(NOW)


def put_rulebooks(*files: Path) -> None:
    with clock_at_now():
        _load(files)


@remembered
def _load(files: tuple[Path, ...]) -> None:
    load(files, at=NOW)


@pytest.fixture
def unguarded(db: None) -> None:
    """As for somebody who owns the database."""
    with connection.cursor() as cursor:
        for label in ("event", "trailblock"):
            table = f"records_{label}"
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_guard ON {table}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update")
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete")


@pytest.fixture
def calendar(db: None) -> None:
    put_calendar()


@pytest.fixture
def programme(calendar: None) -> Programme:
    put_rulebooks(RULEBOOK)
    return Programme.objects.select_related("city").get()


UNITS = {
    "first": ("91990001MAQ000119X", "示例智造科技有限公司"),
    "second": ("91990001MAQ000186U", "范例数字科技有限公司"),
    "third": ("91990001MAQ00032X8", "样本工业软件有限公司"),
}
PARTNERS = {
    "shared": ("91990001MAQ0004694", "虚构视觉检测技术有限公司"),
    "cloud": ("91990001MAQ000530T", "样例云服务有限公司"),
    "fresh": ("91990001MAQ000397B", "样板工艺软件有限公司"),
    "other": ("91990001MAQ000602K", "示意食品检测技术有限公司"),
}


@pytest.fixture
def edition(programme: Programme) -> Any:
    """Edition 1: three units; `shared` stands behind the second only, `cloud` behind the first."""
    return _enter(programme)


@remembered
def _enter(programme: Programme) -> Any:
    mobile, food, textile = programme.industries.order_by("order")
    units = [
        listed(
            "first",
            [mobile, food],
            partners=[(mobile, "cloud")],
            items=[("P-0012", "轻量 MES", "36,000 元／年")],
        ),
        listed("second", [food], partners=[(food, "shared")]),
        listed("third", [food, textile]),
    ]
    with transaction.atomic():
        return registry.enter(registry.lock(programme), units, at=at("2024-01-10 09:00"))


def listed(name: str, industries: list[Any], partners: Any = (), items: Any = ()) -> ListedUnit:
    code, title = UNITS[name]
    return ListedUnit(
        code,
        title,
        entered_on=date(2023, 12, 15),
        entries=tuple(("lead_unit", industry.key) for industry in industries),
        partners=tuple(ListedPartner(industry.key, *PARTNERS[key]) for industry, key in partners),
        items=tuple(ListedItem(*item) for item in items),
    )


@pytest.fixture
def registration(edition: Any) -> Registration:
    return Registration.objects.get(organisation__credit_code=UNITS["first"][0])


@pytest.fixture
def second(edition: Any) -> Registration:
    return Registration.objects.get(organisation__credit_code=UNITS["second"][0])


@pytest.fixture
def third(edition: Any) -> Registration:
    return Registration.objects.get(organisation__credit_code=UNITS["third"][0])


def person(username: str, name: str) -> User:
    return User.objects.create_user(username, f"{username}@example.org", "a-long-password-9", full_name=name)


@remembered
def office(username: str, name: str, role: str, target: Any) -> User:
    user = person(username, name)
    grant(user, role, target, at=at("2024-01-01 09:00"), by=None, reason="测试")
    user.refresh_from_db()
    return user


@pytest.fixture
def clerk(programme: Programme) -> User:
    return office("clerk", "林经办", roles.CLERK, programme)


@pytest.fixture
def decider(programme: Programme) -> User:
    return office("decider", "何审定", roles.DECIDER, programme)


@pytest.fixture
def auditor(programme: Programme) -> User:
    return office("auditor", "苏审计", roles.AUDITOR, programme)


@pytest.fixture
def other_clerk(db: None) -> User:
    """A clerk of another city."""
    city = City.objects.create(slug="elsewhere", name="别处市", office="别处市工作组")
    other = Programme.objects.create(
        city=city, slug="elsewhere-units", name="服务商", registrant_term="服务商", number_prefix="BC"
    )
    return office("other_clerk", "黄旁人", roles.CLERK, other)


@pytest.fixture
def provider(registration: Registration) -> User:
    return office("provider", "陈办事", roles.PROVIDER_MANAGER, registration.organisation)


@pytest.fixture
def stranger(second: Registration) -> User:
    """A provider of another organisation."""
    return office("stranger", "赵路人", roles.PROVIDER_MANAGER, second.organisation)


@pytest.fixture
def apply(programme: Programme) -> Callable[..., Case]:
    """Fill in a draft that nothing stands against: `apply(registration, user, [("add_partner", facts)], at=…)`."""
    return partial(_fill, programme)


@remembered
def _fill(
    programme: Programme,
    registration: Registration,
    by: User,
    operations: Any = None,
    *,
    moment: datetime = NOW,
    **draft: Any,
) -> Case:
    procedure = procedure_in_force(programme, "partner_change", moment)
    assert procedure is not None
    case = steps.draft(procedure, registration, by=by, at=moment, **draft)
    change_steps.save(case, reason="补充能力", explanation="", truthful=True, at=moment)
    for action, facts in operations or [add("fresh", registration)]:
        change_steps.add_operation(case, action, at=moment, **facts)
    for document in required_materials(case):
        row = document.row
        upload = SimpleUploadedFile(f"{row.key}.pdf", PDF, "application/pdf")
        stored = files.store(upload, **row.file_limits, by=by, at=moment)
        steps.add_material(case, row.key, stored, by=by, at=moment, subject=document.subject)
    return engine.load(case.pk)


def add(partner: str, registration: Registration, industry: str = "") -> tuple[str, dict[str, Any]]:
    """An operation that adds a partner, in the unit's first industry unless another is named."""
    entries = registration.entries.select_related("industry").order_by("industry__order")
    chosen = next(entry.industry for entry in entries if industry in ("", entry.industry.key))
    code, name = PARTNERS[partner]
    return Operation.Action.ADD_PARTNER, {"industry": chosen, "partner_code": code, "partner_name": name}


@pytest.fixture
def submitted_case(apply: Any, registration: Registration, provider: User) -> Case:
    return submitted(apply(registration, provider), by=provider, at=NOW)


# The step itself, for tests of what comes after it.
submitted = remembered(steps.submit)


@remembered
def review(case: Case, clerk: User, decider: User, moment: datetime) -> Case:
    """Both desks say yes."""
    for material in case.materials.filter(replaced_at=None):
        steps.verify_seal(material, by=clerk, at=moment)
    steps.decide(case, "support", by=clerk, at=moment, opinion="材料齐全")
    return steps.decide(case, "approve", by=decider, at=moment, opinion="同意")


@pytest.fixture
def approved_case(submitted_case: Case, clerk: User, decider: User) -> Case:
    return review(submitted_case, clerk, decider, NOW)


@pytest.fixture
def case_in_publicity(approved_case: Case, clerk: User) -> Case:
    """Shown from 2026-09-28 10:00: 9月29日 to 10月3日."""
    return _show(approved_case, clerk)


@remembered
def _show(case: Case, clerk: User) -> Case:
    publicity_steps.open_period(case, by=clerk, at=at("2026-09-28 10:00"))
    return engine.load(case.pk)


@pytest.fixture
def organisation(registration: Registration) -> Organisation:
    return registration.organisation
