"""Which version of the portal this is."""

import tomllib
from functools import cache

from django.conf import settings


@cache
def version() -> str:
    content = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(content)["project"]["version"])
