"""What is hashed of an event, in one canonical form. Nobody's name is in it: a name can be erased and the seal holds."""

import hashlib
import json
import secrets
from datetime import UTC
from typing import Any

from records.models import Event, TrailBlock

SUBJECTS = ("actor_id", "city_id", "programme_id", "organisation_id", "case_id")


def new_salt() -> str:
    return secrets.token_hex(16)


def mark(name: str, salt: str) -> str:
    """Stands for a name where the name itself must not: who has both can tell that they belong together."""
    return hashlib.sha256(f"{salt}|{name}".encode()).hexdigest()


def of_event(event: Event) -> str:
    content = {
        "pk": event.pk,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "verb": event.verb,
        "summary": event.summary,
        "article": event.article,
        "actor_mark": event.actor_mark,
        "data": event.data,
    }
    content |= {name: None if (key := getattr(event, name)) is None else str(key) for name in SUBJECTS}
    return _sha256(content)


def of_block(previous: str, block: TrailBlock) -> str:
    return _sha256(
        {
            "previous": previous,
            "number": block.number,
            "after": block.after,
            "through": block.through,
            "digests": block.digests,
            "sealed_at": block.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        }
    )


def _sha256(content: dict[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
