"""No column that holds something about a person is forgotten: its app says so, or says what else it is."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from records.personal import holdings

SOUNDS_PERSONAL = re.compile(
    r"name|phone|mobile|mail|contact|identity|id_card|address|person|employer|signat|surname|birth|wechat"
)
TYPED = (models.CharField, models.TextField)


def own_models() -> list[Any]:
    """Histories mirror what they keep: what is declared of a table is scrubbed there too."""
    found = [
        model
        for config in apps.get_app_configs()
        if Path(config.path).parent == settings.BASE_DIR
        for model in config.get_models()
    ]
    return [model for model in found if not hasattr(model, "history_object")]


def sounding(model: Any) -> set[str]:
    return {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, TYPED) and SOUNDS_PERSONAL.search(field.name)
    }


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_every_column_that_sounds_personal_is_declared(model):
    said = holdings.declared().get(model._meta.label, frozenset())

    assert sounding(model) - said == set()


def test_every_declared_column_exists():
    for label, fields in holdings.declared().items():
        for name in fields:
            try:
                apps.get_model(label)._meta.get_field(name)
            except FieldDoesNotExist:
                pytest.fail(f"{label}.{name} is declared and there is none")


def test_why_a_column_is_nobodys_has_to_be_said():
    with pytest.raises(ValueError, match="nobody's"):
        holdings.declare_impersonal("cities.City", ["name"], "")
