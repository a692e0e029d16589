"""Demonstration accounts: one per role, with a password of their own on every install."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from accounts.grants import grant
from accounts.login import second
from accounts.models import User
from accounts.roles import CHOICES
from cities.models import District, Programme
from providers.models import Organisation

HEADING = "演示账号（密码每次安装随机生成，只在本机有效）"


def create(
    rows: list[dict[str, Any]], programme: Programme, *, at: datetime
) -> tuple[dict[str, User], list[str]]:
    """Create the accounts; the second value tells them with their passwords, and is kept nowhere else."""
    people, lines = {}, []
    for row in rows:
        password = secrets.token_urlsafe(9)
        target = _target(row["of"], programme)
        user = User.objects.create_user(
            row["username"], f"{row['username']}@example.org", password, full_name=row["name"]
        )
        grant(user, row["role"], target, at=at, by=None, reason="演示账号")
        people[row["username"]] = user
        door = "/my/" if isinstance(target, Organisation) else "/admin/"
        line = f"{row['username']:<6}{password:<16}{door:<9}{dict(CHOICES)[row['role']]}　{row['name']}　{target}"
        if row.get("second_factor"):
            second.set_up_without_code(user, at=at)
            line += f"　两步登录，验证码：manage.py demo_code {row['username']}"
        lines.append(line)
    return people, lines


def _target(of: str, programme: Programme) -> Any:
    if of == "programme":
        return programme
    if of == "city":
        return programme.city
    district = District.objects.filter(city=programme.city, name=of).first()
    return district or Organisation.objects.get(credit_code=of)


def keep_private(path: Path, lines: list[str]) -> None:
    """Write the accounts where only the file's owner may read, after those that other programmes have brought here."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("\n".join([HEADING, "", *_others(path.read_text(), lines), *lines]) + "\n")


def _others(written: str, lines: list[str]) -> list[str]:
    """A line of an earlier installation, whose account is gone or has a new password, is left out."""
    fresh = {line.split()[0] for line in lines}
    kept = [line for line in written.splitlines()[2:] if line.strip() and line.split()[0] not in fresh]
    there = set(User.objects.values_list("username", flat=True))
    return [line for line in kept if line.split()[0] in there]
