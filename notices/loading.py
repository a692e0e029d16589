"""Issuers and first wordings of a programme from a file. What there is already stays: the office keeps it from then on."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction

from cases.errors import Refused
from cities.models import Programme
from notices import kinds, templates
from notices.models import Issuer, NoticeTemplate

ISSUER = ("key", "name", "number_word")


class LoadRefused(Exception):
    """What is wrong with the file, with the place in it; nothing was loaded."""


@dataclass(frozen=True)
class Loaded:
    programme: Programme
    new: list[NoticeTemplate]
    kept: list[str]


@transaction.atomic
def load(path: Path, *, at: datetime, by: Any = None) -> Loaded:
    content = _read(path)
    programme = Programme.objects.select_related("city").filter(slug=content["programme"]).first()
    if programme is None:
        raise LoadRefused(
            f"{path}：没有代码为“{content['programme']}”的项目。先用 load_rulebook 载入它的规则"
        )
    for place, issuer in enumerate(content["issuers"], start=1):
        _issuer(programme, issuer, f"{path}：issuers 第 {place} 项")
    loaded = Loaded(programme, [], [])
    for kind, says in content["templates"].items():
        _template(loaded, kind, says, f"{path}：templates.{kind}", at=at, by=by)
    return loaded


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text())
    except OSError as error:
        raise LoadRefused(f"读不到文件 {path}（{error.strerror}）") from error
    except yaml.YAMLError as error:
        raise LoadRefused(f"{path} 不是写对了的 YAML：{error}") from error
    wanted = {"programme": str, "issuers": list, "templates": dict}
    if not isinstance(content, dict) or content.keys() != wanted.keys():
        raise LoadRefused(f"{path}：顶层应当恰好是 {'、'.join(wanted)}")
    for key, shape in wanted.items():
        if not isinstance(content[key], shape):
            raise LoadRefused(f"{path}：{key} 写得不对，照 fixtures/notices 里的写")
    return content


def _issuer(programme: Programme, says: Any, where: str) -> None:
    if not isinstance(says, dict) or says.keys() != set(ISSUER):
        raise LoadRefused(f"{where}应当恰好写 {'、'.join(ISSUER)}")
    if Issuer.objects.filter(city=programme.city, key=says["key"]).exists():
        return
    issuer = Issuer(city=programme.city, **says)
    try:
        issuer.full_clean()
    except ValidationError as error:
        raise LoadRefused(f"{where}：{'；'.join(error.messages)}") from error
    issuer.save()


def _template(loaded: Loaded, kind: str, says: Any, where: str, *, at: datetime, by: Any) -> None:
    if not isinstance(says, dict) or (unknown := says.keys() - set(templates.SAYS)):
        named = f"不认识 {'、'.join(sorted(unknown))}，" if isinstance(says, dict) else ""
        raise LoadRefused(f"{where}：{named}可写的有 {'、'.join(templates.SAYS)}")
    if NoticeTemplate.objects.filter(programme=loaded.programme, kind=kind).exists():
        loaded.kept.append(kinds.title(kind, loaded.programme))
        return
    try:
        template = templates.draft(loaded.programme, kind, says, by=by, at=at)
        templates.put_in_force(template, by=None, at=at)
    except Refused as refusal:
        raise LoadRefused(f"{where}：{'；'.join(one.message for one in refusal.problems)}") from refusal
    loaded.new.append(template)
