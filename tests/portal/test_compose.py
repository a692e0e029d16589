"""docker-compose.yml, read as compose reads it, and each command in it that is ours run as it stands there."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.servers import ROOT, clean_environment, free_port, running, wait_until

GIVEN = {
    "SITE_HOST": "portal.example.gov.cn",
    "SECRET_KEY": "only-for-this-test-" * 3,
    "POSTGRES_PASSWORD": "word",
    "EMAIL_URL": "smtp://mail.example.gov.cn:25",
}


def filled_in(text: str) -> str:
    """`${NAME}` and `${NAME:?why}` with what the site's .env would hold, `$$` as `$`."""
    named = re.sub(r"(?<!\$)\$\{(\w+)(?::\?[^}]*)?\}", lambda found: GIVEN[found[1]], text)
    return named.replace("$$", "$")


COMPOSE: dict[str, Any] = yaml.safe_load(filled_in((ROOT / "docker-compose.yml").read_text()))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
FOLDERS = "filesystem://localhost"
OTHER_SERVERS = ("DATABASE_URL", "BROKER_URL", "CACHE_URL")
OURS = {name: service for name, service in SERVICES.items() if "build" in service}


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> str:
    """What the `migrate` service leaves behind: the database of this run, or a SQLite file."""
    folder = tmp_path_factory.mktemp("compose")
    url = f"sqlite:///{folder / 'portal.sqlite3'}"
    variables = variables_of("migrate", DATABASE_URL=url, BROKER_URL=FOLDERS, PORTAL_VAR=str(folder))
    run(OURS["migrate"]["command"], variables).check_returncode()
    return variables["DATABASE_URL"]


@pytest.fixture
def environment(database, tmp_path) -> Callable[[str], dict[str, str]]:
    def of(name: str) -> dict[str, str]:
        return variables_of(
            name, DATABASE_URL=database, BROKER_URL=FOLDERS, PORTAL_VAR=str(tmp_path), TMPDIR=str(tmp_path)
        )

    return of


def variables_of(name: str, **local: str) -> dict[str, str]:
    """A service's own environment, with the servers of this test run where the containers' names would be."""
    given = {key: value for key, value in SERVICES[name]["environment"].items() if key not in OTHER_SERVERS}
    return {**local, **clean_environment(**given), "HOSTNAME": "test", "BIND": f"127.0.0.1:{free_port()}"}


def healthy(name: str, environment: dict[str, str]) -> bool:
    kind, *words = SERVICES[name]["healthcheck"]["test"]
    return run(["sh", "-c", *words] if kind == "CMD-SHELL" else words, environment).returncode == 0


def run(command: str | list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    """Split into words the way compose does it."""
    words = shlex.split(command) if isinstance(command, str) else command
    return subprocess.run(words, cwd=ROOT, env=environment, check=False, capture_output=True)


def test_compose_has_what_a_city_runs():
    assert sorted(SERVICES) == ["beat", "migrate", "postgres", "proxy", "redis", "web", "worker"]
    assert sorted(OURS) == ["beat", "migrate", "web", "worker"]


def test_compose_mounts_only_what_exists():
    mounted = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]

    assert {name for name in mounted if not name.startswith(".")} == set(COMPOSE["volumes"])
    assert [name for name in mounted if name.startswith("./") and not (ROOT / name).exists()] == [
        "./deploy/certificate"  # the city's own, never in the repository
    ]


def test_compose_publishes_only_the_proxy():
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}


def test_compose_settings_are_those_that_settings_read():
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "portal" / "settings.py").read_text()))
    read |= set(re.findall(r'environ\.get\("(\w+)"', (ROOT / "deploy" / "gunicorn.conf.py").read_text()))

    assert set(OURS["web"]["environment"]) - read == set()


def test_image_holds_every_app_and_no_more_than_the_site_needs():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}

    besides = {"deploy", "fixtures", "manage.py", "pyproject.toml", "requirements", "static", "templates"}
    assert kept == apps | besides


def test_migrate_command_makes_every_table(environment):
    assert run("python manage.py migrate --check", environment("migrate")).returncode == 0


def test_web_command_answers_its_health_check(environment, tmp_path):
    variables = environment("web")

    with running(OURS["web"]["command"], variables, tmp_path / "log") as web:
        wait_until(lambda: healthy("web", variables), 30, lambda: web.output)


def test_worker_command_takes_tasks(environment, tmp_path):
    variables = environment("worker")

    with running(OURS["worker"]["command"], variables, tmp_path / "log") as worker:
        worker.wait_for(" ready.")
        run("celery -A portal call cases.tasks.sweep_due", variables).check_returncode()
        worker.wait_for("cases.tasks.sweep_due")
        worker.wait_for("succeeded in")


def test_beat_command_keeps_its_schedule(environment, tmp_path):
    variables = environment("beat")
    command = OURS["beat"]["command"].replace("/tmp/", f"{tmp_path}/")  # noqa: S108  (the container's own)

    with running(command, variables, tmp_path / "log") as beat:
        beat.wait_for("beat: Starting...")
        wait_until(lambda: list(tmp_path.glob("celerybeat-schedule*")), 20, lambda: beat.output)


@pytest.mark.services
def test_worker_answers_its_health_check(environment, tmp_path):
    variables = environment("worker")
    command = f"{OURS['worker']['command']} --hostname celery@{variables['HOSTNAME']}"

    with running(command, variables, tmp_path / "log") as worker:
        worker.wait_for(" ready.")
        wait_until(lambda: healthy("worker", variables), 30, lambda: worker.output)


@pytest.mark.services
def test_redis_command_starts_with_its_options(tmp_path):
    assert shutil.which("redis-server")
    command = f"{SERVICES['redis']['command']} --port {free_port()} --dir {tmp_path}"

    with running(command, clean_environment(), tmp_path / "log") as redis:
        redis.wait_for("Ready to accept connections")
        assert (tmp_path / "appendonlydir").is_dir()
