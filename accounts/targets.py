"""On what a role is granted."""

from typing import Any

from accounts.derivation import MODELS
from cities.models import City, District, Programme
from providers.models import Organisation

TARGETS = ("city", "district__city", "programme__city", "organisation")  # what `Grant.target` reads
Target = City | District | Programme | Organisation


def target_word(target: Any) -> str:
    """`city`, `district`, `programme` or `organisation`: the name of the column a target stands in."""
    return next(word for word, model in MODELS.items() if isinstance(target, model))


def city_of(target: Any) -> City | None:
    if isinstance(target, City):
        return target
    return None if isinstance(target, Organisation) else target.city
