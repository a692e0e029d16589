"""What somebody typed when the session was over: kept sealed for that person alone, offered after the next log-in, gone after a
day. Files are not kept, nor what a page calls secret."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from accounts.login import sealing
from accounts.models import KeptForm, User

KEPT_FOR = timedelta(days=1)
LARGEST = 200_000  # characters
# In a form that is sent again.
MARK = "kept_form"
_LEFT_OUT = ("csrfmiddlewaretoken", MARK)
_SECRET = ("password", "token")


@dataclass(frozen=True)
class Kept:
    row: KeptForm
    path: str
    fields: list[tuple[str, str]]


def keep(request: HttpRequest, user: User) -> bool:
    """Keep the form that this request brought; whether it was."""
    if getattr(request, "sensitive_post_parameters", None):
        return False
    fields = [(name, value) for name, values in request.POST.lists() for value in values if _is_kept(name)]
    text = json.dumps({"user": user.pk, "path": request.get_full_path(), "fields": fields})
    if not fields or len(text) > LARGEST:
        return False
    values = {"content": sealing.seal(text), "kept_at": timezone.now()}
    KeptForm.objects.update_or_create(user=user, defaults=values)
    return True


def of(user: User) -> Kept | None:
    """What is kept for somebody and can still be read."""
    row = KeptForm.objects.filter(user=user, kept_at__gt=timezone.now() - KEPT_FOR).first()
    if row is None:
        return None
    try:
        content = json.loads(sealing.unseal(row.content))
    except sealing.Unreadable:
        return None
    if content["user"] != user.pk:
        return None
    return Kept(row, content["path"], [(name, value) for name, value in content["fields"]])


def drop(user: User) -> None:
    KeptForm.objects.filter(user=user).delete()


def clear(at: datetime) -> int:
    """Take away what nobody came back for; a day of the machine's, whatever the site's clock says."""
    gone, _ = KeptForm.objects.filter(kept_at__lte=timezone.now() - KEPT_FOR).delete()
    return gone


def _is_kept(name: str) -> bool:
    return name not in _LEFT_OUT and not any(word in name.lower() for word in _SECRET)
