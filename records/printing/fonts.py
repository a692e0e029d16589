"""Which fonts a document is set in. The standard's are licensed: an office puts its own into FONTS_DIR; until then an open one
stands in for each, and the page says so."""

import subprocess
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont, TTLibError

MOST_NAMED = 5
# One stays without an answer for at most so long; a machine without fontconfig has no fonts for us.
SECONDS = 30
# Controls, formats and spaces.
UNMARKED = ("Cc", "Cf", "Zs", "Zl", "Zp")


@dataclass(frozen=True)
class Role:
    """A face of the standard: the families that are it, then those that stand in for it, the best first."""

    key: str
    title: str
    standard: tuple[str, ...]
    instead: tuple[str, ...]
    # The heading face is heavy by itself; what stands in for it has to be set bold.
    bold_instead: bool = False


LAST_RESORT = "Noto Serif CJK SC"
ROLES = (
    Role(
        "title",
        "小标宋",
        ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体"),
        ("FandolSong", LAST_RESORT),
        bold_instead=True,
    ),
    Role("body", "仿宋", ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋"), ("FandolFang", LAST_RESORT)),
    Role(
        "kai",
        "楷体",
        ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体"),
        ("FandolKai", "AR PL KaitiM GB", LAST_RESORT),
    ),
    Role("hei", "黑体", ("SimHei", "黑体"), ("FandolHei", "Noto Sans CJK SC")),
    Role("song", "宋体", ("SimSun", "宋体"), ("FandolSong", LAST_RESORT)),
)


@dataclass(frozen=True)
class Chosen:
    role: Role
    family: str

    @property
    def is_standard(self) -> bool:
        return self.family in self.role.standard

    @property
    def weight(self) -> int:
        return 700 if self.role.bold_instead and not self.is_standard else 400

    def to_json(self) -> dict[str, str]:
        return {"for": self.role.title, "family": self.family, "instead": "" if self.is_standard else "yes"}


@dataclass(frozen=True)
class OwnFont:
    family: str
    path: Path
    weight: int


def chosen() -> list[Chosen]:
    there = {one.family for one in own()} | _installed()
    return [
        Chosen(role, next((name for name in (*role.standard, *role.instead) if name in there), LAST_RESORT))
        for role in ROLES
    ]


def own() -> tuple[OwnFont, ...]:
    """The office's own, single font files in FONTS_DIR."""
    return _read_own(settings.FONTS_DIR) if settings.FONTS_DIR else ()


@cache
def _read_own(folder: Path) -> tuple[OwnFont, ...]:
    if not folder.is_dir():
        return ()
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".ttf", ".otf"))
    return tuple(font for path in files for font in _families(path))


def _families(path: Path) -> list[OwnFont]:
    """A font has its name in several languages, and is known by each."""
    try:
        with TTFont(path, lazy=True) as font:
            names = {str(record) for record in font["name"].names if record.nameID in (1, 16)}
            weight = int(font["OS/2"].usWeightClass) if "OS/2" in font else 400
    except (TTLibError, OSError, UnicodeDecodeError):
        return []
    return [OwnFont(name, path, weight) for name in sorted(names)]


@cache
def _covered(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


@cache
def _installed() -> frozenset[str]:
    found = _fontconfig(":scalable=true", "family")
    return frozenset(name.strip() for line in found for name in line.split(","))


def _fontconfig(pattern: str, *elements: str) -> list[str]:
    command = ["fc-list", pattern, *elements]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603
    except OSError:
        return []
    return done.stdout.splitlines()


def missing(text: str) -> list[str]:
    """The characters that no font here has, in their order. What makes no mark needs none."""
    needed = [one for one in dict.fromkeys(text) if unicodedata.category(one) not in UNMARKED]
    mine = frozenset[int]().union(*(_covered(one.path) for one in own()))
    left = [one for one in needed if ord(one) not in mine]
    if not left or _has_all(tuple(sorted(left))):
        return []
    return [one for one in left if not _has_all((one,))]


@lru_cache(maxsize=512)
def _has_all(characters: tuple[str, ...]) -> bool:
    """Whether one of the machine's fonts has them all; what a line lacks is taken from whichever has it."""
    charset = " ".join(f"{ord(one):x}" for one in characters)
    return bool(_fontconfig(f":scalable=true:charset={charset}", "family"))


def why_not(text: str) -> str:
    lacking = missing(text)
    if not lacking:
        return ""
    more = f"等 {len(lacking)} 个字" if len(lacking) > MOST_NAMED else ""
    return f"字体里没有{_named(lacking[:MOST_NAMED])}{more}，文书上会缺字。请管理员安装有这些字的字体（FONTS_DIR）以后再办"


def _named(characters: Iterable[str]) -> str:
    return "、".join(f"“{one}”（U+{ord(one):04X}）" for one in characters)
