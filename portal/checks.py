"""Misconfiguration that Django's own checks cannot know of. E: the site must not run like this. W: think again."""

import shutil
import stat
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from records import mail

SHORTEST_SECRET = 50
SHORTEST_FILE_KEY = 32
LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "testserver"}


@dataclass(frozen=True)
class Asked:
    """One thing that a city's site is asked for at every start, not only with `--deploy`."""

    id: str
    is_wrong: Callable[[], object]
    says: str
    hint: str

    @property
    def message(self) -> CheckMessage:
        kind = checks.Error if self.id.startswith("portal.E") else checks.Warning
        return kind(self.says, hint=self.hint, id=self.id)


# What a city's site may not go without.
CLOSED = (
    Asked(
        "portal.E001",
        lambda: len(_secret_key()) < SHORTEST_SECRET,
        f"正式站点没有设置 SECRET_KEY，或不足 {SHORTEST_SECRET} 个字符。",
        "用环境变量 SECRET_KEY 给出一串随机字符，只给本站使用。",
    ),
    Asked(
        "portal.E002",
        lambda: not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS,
        "正式站点没有写明自己的域名（ALLOWED_HOSTS 为空或为 *）。",
        "例：ALLOWED_HOSTS=portal.example.gov.cn，多个用逗号隔开。",
    ),
    Asked(
        "portal.E003",
        lambda: settings.CLOCK_FILE,
        "正式站点设置了可调的时钟（PORTAL_CLOCK_FILE），期限会按不真实的时间到期。",
        "去掉 PORTAL_CLOCK_FILE；演示和培训另开站点。",
    ),
    Asked(
        "portal.E004",
        lambda: settings.DEBUG,
        "正式站点开着 DEBUG，出错时会向访问者显示内部数据。",
        "去掉 DEBUG。",
    ),
    Asked(
        "portal.E005",
        lambda: not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE),
        "正式站点的登录凭据会经未加密的连接发送（SECURE_COOKIES=false）。",
        "经 https 提供服务，去掉 SECURE_COOKIES。",
    ),
    Asked(
        "portal.E010",
        lambda: not settings.SECOND_FACTOR_REQUIRED,
        "正式站点没有要求工作人员两步登录（SECOND_FACTOR_REQUIRED=false）。",
        "去掉 SECOND_FACTOR_REQUIRED。",
    ),
    Asked(
        "portal.E020",
        lambda: not settings.FILE_KEYS or min(map(len, settings.FILE_KEYS)) < SHORTEST_FILE_KEY,
        f"正式站点没有设置 FILE_KEYS，或有一个不足 {SHORTEST_FILE_KEY} 个字符：身份证件一类的文件不能加密保存。",
        "scripts/secrets 会生成 deploy/secrets/file_keys；另存一份，丢了就打不开已加密的文件。",
    ),
)
# What works on one machine and not for a city.
COMPLETE = (
    Asked(
        "portal.W001",
        lambda: settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
        "正式站点使用 SQLite，只能由一台机器提供服务。",
        "用 DATABASE_URL 给出 PostgreSQL。",
    ),
    Asked(
        "portal.W002",
        lambda: settings.CELERY_BROKER_URL.startswith("filesystem:"),
        "正式站点用文件夹传递任务，只能有一个 worker，断电时正在传的任务会丢失。",
        "用 BROKER_URL 给出 Redis。",
    ),
    Asked(
        "portal.W003",
        lambda: settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"),
        "各进程各有一份缓存，限制次数时互不知道。",
        "用 CACHE_URL 给出 Redis。",
    ),
    Asked(
        "portal.W004",
        mail.stays_here,
        "正式站点没有设置邮件服务器，邮件只写进文件或日志，里面有邀请和密码重置的链接。",
        "用 EMAIL_URL 给出邮件服务器。",
    ),
    Asked(
        "portal.W009",
        lambda: settings.EMAIL_ALLOWED,
        "正式站点设置了邮件允许名单（EMAIL_ALLOWED），它在正式站点不起作用，邮件寄给所有收信人。",
        "去掉 EMAIL_ALLOWED；只想寄给少数人的，另开一个不设 PORTAL_PRODUCTION 的站点。",
    ),
    Asked(
        "portal.W010",
        lambda: not settings.PORTAL_BASE_URL,
        "正式站点没有写明自己的网址（PORTAL_BASE_URL），系统写的信里没有能点的链接。",
        "例：PORTAL_BASE_URL=https://portal.example.gov.cn/。",
    ),
)


@register(Tags.security)
def production_is_ready(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.PRODUCTION:
        return []
    return [one.message for one in (*CLOSED, *COMPLETE) if one.is_wrong()]


@register(Tags.security)
def demonstration_stays_here(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A demonstration site has accounts whose passwords lie in a file."""
    if settings.PRODUCTION or set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        return []
    return [
        checks.Warning(
            "演示站点可以从别的机器访问（ALLOWED_HOSTS），它的演示账号和时钟不适合公开。",
            hint="正式使用时设置 PORTAL_PRODUCTION=true。",
            id="portal.W005",
        )
    ]


@register(Tags.security)
def folders_are_private(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Uploads and queued tasks hold what only some people may read."""
    found: list[CheckMessage] = []
    files = Path(settings.PRIVATE_FILES_ROOT).resolve()
    public = [Path(folder).resolve() for folder in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS)]
    if any(files.is_relative_to(folder) for folder in public):
        found.append(
            checks.Error(
                f"上传的文件放在公开的文件夹里（PRIVATE_FILES_ROOT={files}）。",
                hint="换到 STATIC_ROOT 和 static/ 之外。",
                id="portal.E006",
            )
        )
    broker = settings.BROKER_FOLDER
    if broker and broker.exists() and stat.S_IMODE(broker.stat().st_mode) & 0o077:
        found.append(
            checks.Error(
                f"传递任务的文件夹 {broker} 别的用户也能读写。", hint=f"chmod 700 {broker}", id="portal.E007"
            )
        )
    return found


@register(Tags.database)
def database_holds_chinese(
    app_configs: Sequence[AppConfig] | None, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """In the C locale PostgreSQL cannot index Chinese words; in another encoding it cannot hold every name."""
    if "default" not in (databases or ()) or connections["default"].vendor != "postgresql":
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
        )
        encoding, ctype = cursor.fetchone()
    if encoding == "UTF8" and ctype not in {"C", "POSIX"}:
        return []
    return [
        checks.Error(
            f"数据库的编码是 {encoding}、字符类型是 {ctype}，中文搜索用不上索引，有的姓名存不进去。",
            hint="重建数据库：createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0 …",
            id="portal.E008",
        )
    ]


@register(Tags.compatibility, deploy=True)
def documents_have_chinese_type(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without such a font a document comes out with empty boxes and nothing says so."""
    listing = shutil.which("fc-list")
    if listing and subprocess.run([listing, ":lang=zh"], capture_output=True, check=False).stdout:  # noqa: S603
        return []
    return [
        checks.Warning(
            "这台机器没有中文字体，生成的文书会缺字。",
            hint="Debian：apt-get install fonts-noto-cjk",
            id="portal.W006",
        )
    ]


def _secret_key() -> str:
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return ""
