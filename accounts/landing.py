"""Where somebody is led who has just come in, or has nothing more to do where he was."""

from django.urls import reverse

from accounts import access
from providers.permissions import VIEW_OWN


def landing(user: access.Person) -> str:
    """Where somebody's work is."""
    if user.is_staff:
        return reverse("admin:index")
    works_for_one = access.organisations_for(user, VIEW_OWN).exists()
    return reverse("my" if works_for_one else "home")
