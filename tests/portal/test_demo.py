"""The demonstration: loaded once, or not at all."""

import stat
from datetime import timedelta
from io import StringIO

import pytest
import yaml
from django.conf import settings as site
from django.core.management import CommandError, call_command

from accounts import roles
from accounts.models import Grant, SecondFactor, User
from cases import standing
from cases.errors import Refused
from cases.models import Batch, Case
from cities.models import OfficeDecision, Rulebook
from cities.permissions import VIEW_CASES
from cities.rulebooks.load import load as load_rulebooks
from portal.demo import load, people
from portal.management.commands import prepare
from providers.models import ListEdition, Organisation
from publicity.models import Objection
from records import clock
from records.models import Event, Letter
from tests.conftest import at

pytestmark = pytest.mark.django_db

STORIES = site.BASE_DIR / "fixtures/demo/dongguan-lead-units.yaml"


@pytest.fixture(autouse=True)
def own_site(settings, tmp_path):
    settings.VAR = tmp_path
    settings.CLOCK_FILE = tmp_path / "clock.json"


@pytest.fixture
def every_programme(calendar):
    load_rulebooks(sorted((site.BASE_DIR / "fixtures/rulebooks").glob("*.yaml")), at=at("2026-09-17 10:32"))


@pytest.fixture
def accounts(tmp_path):
    return tmp_path / "demo-accounts.txt"


def load_demo():
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


def rows():
    return [table.objects.count() for table in (User, Grant, Organisation, ListEdition, Case, Event)]


def test_demonstration_is_loaded_once(programme, accounts):
    assert "演示数据已载入，演示时钟 2026-09-17 10:32" in load_demo()
    before, passwords = rows(), accounts.read_text()
    assert "已有名单，不再载入演示数据" in load_demo()
    assert rows() == before
    assert accounts.read_text() == passwords


def test_demonstration_shows_every_standing_of_a_case(programme):
    load_demo()
    standings = {(case.status, case.stage.key if case.stage else "") for case in Case.objects.all()}
    assert standings == {
        ("draft", ""),
        ("open", "review"),
        ("open", "approval"),
        ("open", "publicity"),
        ("closed", "publication"),
    }
    assert Objection.objects.filter(state="received").count() == 1
    assert programme.editions.count() == 2
    told = Letter.objects.filter(deliveries__person__username="chen").order_by("pk")
    assert [letter.kind for letter in told] == ["received", "approved", "publicity_opened", "published"]


def test_what_a_case_was_on_a_day_of_its_story_is_known(programme):
    for case in Case.objects.exclude(submitted_at=None):
        then = standing.as_it_was(case, case.submitted_at)
        assert then is not None
        assert then.number == case.number
        assert standing.as_it_was(case, case.created_at - timedelta(seconds=1)) is None


def test_demonstration_shows_a_batch_of_what_is_at_the_desks(programme):
    load_demo()
    batch = Batch.objects.get(number__isnull=False)
    assert (batch.label, {case.stage.key for case in batch.cases.all()}) == (
        "九月变更审核",
        {"review", "approval"},
    )


def test_clock_of_the_demonstration_goes_on_from_its_moment(programme):
    load_demo()
    assert 0 <= (clock.now() - at("2026-09-17 10:32")).total_seconds() < 60


def test_each_role_has_an_account_that_works(every_programme, accounts, client):
    load_demo()
    in_use = {role for role, permissions in roles.PERMISSIONS.items() if permissions - {VIEW_CASES}}
    assert set(Grant.objects.values_list("role", flat=True)) == in_use
    assert [row.user.username for row in SecondFactor.objects.all()] == ["su"]
    assert "验证码：manage.py demo_code su" in accounts.read_text()
    lines = [line.split() for line in accounts.read_text().splitlines()[2:]]
    assert len(lines) == User.objects.count()
    for username, password, door, *_ in lines:
        assert client.login(username=username, password=password)
        assert client.get(door, follow=True).status_code == 200


def test_passwords_lie_where_only_their_owner_reads_them(programme, accounts):
    accounts.write_text("")
    accounts.chmod(0o644)
    load_demo()
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600


def test_nothing_stays_when_a_story_fails(programme, accounts, tmp_path):
    content = yaml.safe_load(STORIES.read_text())
    content["cases"][-1]["steps"] = [{"at": "09-17T09:00", "do": "approve", "by": "he"}]
    broken = tmp_path / "broken.yaml"
    broken.write_text(yaml.safe_dump(content, allow_unicode=True))
    before = rows()
    with pytest.raises(Refused):
        load.load(broken, accounts)
    assert rows() == before
    assert not accounts.exists()
    assert clock.offset().total_seconds() == 0


def test_demonstration_needs_its_rules_first(calendar):
    with pytest.raises(CommandError, match="一个项目也没有，先载入规则"):
        load_demo()


def test_production_site_takes_no_demonstration(programme, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="正式站点不载入演示数据"):
        load_demo()
    with pytest.raises(CommandError, match="正式站点不能载入演示数据"):
        call_command("prepare")
    assert User.objects.count() == 0


@pytest.fixture
def prepared(monkeypatch):
    """`prepare` on the tables that the test already has: they are not migrated again."""
    run = prepare.call_command
    monkeypatch.setattr(
        prepare, "call_command", lambda name, *args, **kw: name == "migrate" or run(name, *args, **kw)
    )
    return lambda: call_command("prepare", stdout=StringIO())


def test_everything_of_a_demonstration_is_dated_by_its_clock(prepared, db):
    prepared()

    loaded = Rulebook.objects.exclude(published_at=None)
    assert loaded.count() == 4
    for rulebook in loaded:
        assert 0 <= (rulebook.published_at - at("2026-09-17 10:32")).total_seconds() < 60


def test_prepare_leaves_a_clock_that_somebody_has_set(prepared, programme):
    load_demo()
    clock.shift_to(at("2026-10-09 09:00"))

    prepared()

    assert 0 <= (clock.now() - at("2026-10-09 09:00")).total_seconds() < 60


def test_accounts_of_a_second_demonstration_stand_below_those_of_the_first(programme, accounts):
    load_demo()
    before = accounts.read_text()
    rows = [{"username": "second", "name": "后来人", "role": roles.CLERK, "of": "programme"}]

    _, lines = people.create(rows, programme, at=at("2026-09-17 10:32"))
    people.keep_private(accounts, lines)

    assert accounts.read_text() == before + lines[0] + "\n"


def test_accounts_of_an_installation_that_is_gone_are_not_kept(programme, accounts):
    accounts.write_text("演示账号\n\ngone  password  /my/  负责人　某人　某单位\n")

    load_demo()

    assert "gone" not in accounts.read_text()


def test_every_programme_in_force_or_archived_has_its_list(every_programme):
    load_demo()
    listed = set(ListEdition.objects.values_list("programme__slug", flat=True))
    published = Rulebook.objects.filter(standing=Rulebook.Standing.PUBLISHED)
    assert listed == set(published.values_list("programme__slug", flat=True))


def test_decision_of_the_office_waits_for_a_second_person(every_programme):
    load_demo()
    decision = OfficeDecision.objects.get()
    assert (decision.is_confirmed, decision.wording) == (None, " 7 个工作日，次日起算，最后一天不顺延")
