"""docker-compose.yml, read as compose reads it, and each command in it that is ours run as it stands there."""

import re
import shlex
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.servers import ROOT, clean_environment, free_port, running, wait_until

GIVEN = {"SITE_HOST": "portal.example.gov.cn"}
# Of the image, of a demonstration, of a site by http, or told by the compose file in another form.
NOT_IN_COMPOSE = {
    "PORTAL_VAR": "the image",
    "STATIC_ROOT": "the image",
    "PRIVATE_FILES_ROOT": "below the image's PORTAL_VAR",
    "PORTAL_CLOCK_FILE": "refused in production",
    "DEBUG": "refused in production",
    "EMAIL_ALLOWED": "does nothing in production",
    "SECURE_COOKIES": "always, in production",
    "SECURE_SSL_REDIRECT": "always, in production",
    "SECOND_FACTOR_REQUIRED": "always, in production",
    "PORT": "make run",
    "PYTHON": "make run",
}


def filled_in(text: str, given: dict[str, str]) -> str:
    """`${NAME}`, `${NAME:?why}` and `${NAME:-default}` with what the site's .env would hold, `$$` as `$`."""

    def value(found: re.Match[str]) -> str:
        name, operator, word = found[1], found[2], found[3]
        return given.get(name) or (word if operator == ":-" else given[name])

    named = re.sub(r"(?<!\$)\$\{(\w+)(?:(:[?-])([^}]*))?\}", value, text)
    return named.replace("$$", "$")


def composed(**given: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(
        filled_in((ROOT / "docker-compose.yml").read_text(), {**GIVEN, **given})
    )
    return found


COMPOSE = composed()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
FOLDERS = "filesystem://localhost"
OTHER_SERVERS = ("DATABASE_URL", "BROKER_URL", "CACHE_URL")
OURS = {name: service for name, service in SERVICES.items() if "build" in service}


@pytest.fixture(scope="module")
def secrets(tmp_path_factory) -> Path:
    """What scripts/secrets makes."""
    folder = tmp_path_factory.mktemp("deploy") / "secrets"
    make_secrets(folder, "smtp://portal:word@mail.example.gov.cn:25").check_returncode()
    return folder


def make_secrets(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    command = [str(ROOT / "scripts" / "secrets"), *words]
    environment = clean_environment(SECRETS_FOLDER=str(folder))
    return subprocess.run(command, env=environment, check=False, capture_output=True)


@pytest.fixture(scope="module")
def database(tmp_path_factory, secrets) -> str:
    """What the `migrate` service leaves behind: the database of this run; a city has no other than PostgreSQL."""
    folder = tmp_path_factory.mktemp("compose")
    variables = variables_of("migrate", secrets, BROKER_URL=FOLDERS, PORTAL_VAR=str(folder))
    run(OURS["migrate"]["command"], variables).check_returncode()
    return variables["DATABASE_URL"]


@pytest.fixture
def environment(database, secrets, tmp_path) -> Callable[[str], dict[str, str]]:
    def of(name: str) -> dict[str, str]:
        local = {"DATABASE_URL": database, "BROKER_URL": FOLDERS, "PORTAL_VAR": str(tmp_path)}
        return variables_of(name, secrets, **local, TMPDIR=str(tmp_path))

    return of


def variables_of(name: str, secrets: Path, **local: str) -> dict[str, str]:
    """A service's own environment, with the servers of this test run where the containers' names would be."""
    given = {key: value for key, value in SERVICES[name]["environment"].items() if key not in OTHER_SERVERS}
    mounted = {key: value.replace("/run/secrets", str(secrets)) for key, value in given.items()}
    del mounted["DATABASE_PASSWORD_FILE"]  # the server of this run has its own
    return {**local, **clean_environment(**mounted), "HOSTNAME": "test", "BIND": f"127.0.0.1:{free_port()}"}


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


def read_by_the_code() -> set[str]:
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "portal" / "settings.py").read_text()))
    return read | set(
        re.findall(r'environ\.get\("(\w+)"', (ROOT / "deploy" / "gunicorn.conf.py").read_text())
    )


def documented() -> set[str]:
    text = (ROOT / "docs" / "architecture.md").read_text().partition("\n## Settings\n")[2]
    table = [row.split("|")[1] for row in text.splitlines() if row.startswith("|")]
    besides = text.partition("\nOf the web server")[2]
    return set(re.findall(r"`([A-Z_]+)`", "\n".join(table) + besides))


def handed_on(name: str) -> set[str]:
    return {key.removesuffix("_FILE") for key in OURS[name]["environment"]}


def test_every_setting_is_documented_and_reaches_the_containers():
    assert documented() == read_by_the_code() | {"PORT", "PYTHON"}
    for name in OURS:
        assert handed_on(name) == documented() - set(NOT_IN_COMPOSE)


def test_setting_in_the_env_file_reaches_the_containers():
    optional = {name: {key for key, value in OURS[name]["environment"].items() if not value} for name in OURS}
    found = composed(**dict.fromkeys(set().union(*optional.values()), "given"))["services"]

    for name, keys in optional.items():
        assert {"INVITATION_DAYS", "METRICS_ADDRESSES", "LOG_LEVEL", "DISK_RED_MB", "CONN_MAX_AGE"} <= keys
        assert {found[name]["environment"][key] for key in keys} == {"given"}


def test_no_secret_stands_in_the_environment_or_the_image():
    for service in SERVICES.values():
        values = [str(value) for key, value in service.get("environment", {}).items() if "PASSWORD" in key]
        assert all(value.startswith("/run/secrets/") for value in values)
    named = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert named == set(COMPOSE["secrets"])
    left_out = {line for line in (ROOT / ".dockerignore").read_text().split() if not line.startswith("!")}
    assert {"deploy/certificate", "deploy/secrets"} <= left_out


def test_secrets_are_made_once(secrets, tmp_path):
    before = {one.name: one.read_text() for one in secrets.iterdir()}

    assert set(before) == set(COMPOSE["secrets"])
    assert len(before["secret_key"]) > 50
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert make_secrets(secrets).returncode == 0
    assert {one.name: one.read_text() for one in secrets.iterdir()} == before
    assert make_secrets(tmp_path / "new").returncode == 1  # no mail server was told
    assert not (tmp_path / "new").exists()


def test_containers_can_do_no_more_than_they_must():
    for name, service in SERVICES.items():
        assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"]), name
    for name, service in OURS.items():
        assert (service["user"], service["read_only"], service.get("cap_add")) == ("10001", True, None), name


def test_only_the_proxy_meets_visitors_and_only_the_worker_reaches_outside():
    networks = {name: set(service["networks"]) for name, service in SERVICES.items()}
    closed = {name for name, network in COMPOSE["networks"].items() if network and network.get("internal")}

    assert {name for name, on in networks.items() if on - closed} == {"proxy", "worker"}
    assert networks["proxy"] & networks["postgres"] == set()
    assert networks["proxy"] & networks["web"] == {"front"}
    assert [name for name, on in networks.items() if "inside" in on] == [
        "migrate",
        "web",
        "worker",
        "beat",
        "postgres",
        "redis",
    ]


def test_production_settings_pass_every_check(secrets):
    """With the servers' own names: nothing connects to them."""
    variables = variables_of("web", secrets)
    own = {key: SERVICES["web"]["environment"][key] for key in OTHER_SERVERS}
    done = run("python manage.py check --deploy --fail-level WARNING", {**variables, **own})

    assert (done.returncode, done.stderr.decode()) == (0, "")


def test_image_holds_every_app_and_no_more_than_the_site_needs():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}

    besides = {"deploy", "fixtures", "manage.py", "pyproject.toml", "requirements", "static", "templates"}
    assert kept == apps | besides


@pytest.mark.services
def test_migrate_command_makes_every_table(environment):
    assert run("python manage.py migrate --check", environment("migrate")).returncode == 0


@pytest.mark.services
def test_web_command_answers_its_health_check(environment, tmp_path):
    variables = environment("web")

    with running(OURS["web"]["command"], variables, tmp_path / "log") as web:
        wait_until(lambda: healthy("web", variables), 30, lambda: web.output)


@pytest.mark.services
def test_worker_command_takes_tasks(environment, tmp_path):
    variables = environment("worker")

    with running(OURS["worker"]["command"], variables, tmp_path / "log") as worker:
        worker.wait_for(" ready.")
        run("celery -A portal call cases.tasks.sweep_due", variables).check_returncode()
        worker.wait_for("cases.tasks.sweep_due")
        worker.wait_for("succeeded in")


@pytest.mark.services
def test_beat_command_keeps_its_schedule(environment, tmp_path):
    variables = environment("beat")
    command = OURS["beat"]["command"].replace("/tmp/", f"{tmp_path}/")  # noqa: S108  (the container's own)

    with running(command, variables, tmp_path / "log") as beat:
        beat.wait_for("beat: Starting...")
        wait_until(lambda: list(tmp_path.glob("celerybeat-schedule*")), 20, lambda: beat.output)


@pytest.mark.services
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
