"""Where sessions are kept: Django's own store, on a table that also says whose each is (`SESSION_ENGINE`)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

LOGIN = "login"


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> Any:
        return apps.get_model("accounts", "LoginSession")

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        login = data.get(LOGIN) or {}
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.number = UUID(login["number"]) if login else None
        row.began_at = datetime.fromtimestamp(login["began"], UTC) if login else None
        row.seen_at = timezone.now()
        row.address, row.device = login.get("address", ""), login.get("device", "")
        return row
