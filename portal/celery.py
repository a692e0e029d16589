"""The task queue. Its settings are the CELERY_* ones in portal/settings.py."""

import os
from typing import Any

from celery import Celery, signals

from portal import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.before_task_publish.connect
def hand_on_request_id(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """What a request sends to the queue keeps its id."""
    if headers is not None and logs.current() != "-":
        headers.setdefault("request_id", logs.current())


@signals.task_prerun.connect
def enter_task(task_id: str = "", task: Any = None, **kwargs: Any) -> None:
    sent = {**(task.request.headers or {})} if task else {}
    logs.enter(sent.get("request_id") or getattr(task.request, "request_id", None) or task_id)


@signals.task_postrun.connect
def leave_task(**kwargs: Any) -> None:
    logs.leave()
