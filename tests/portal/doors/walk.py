"""The doors that there are, as the site's own resolver and admin registry tell them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib import admin
from django.urls import URLResolver, get_resolver
from django.urls.converters import get_converters
from django.urls.resolvers import RoutePattern

from cities.admin.rows import RuleRowAdmin

# A word of the table for doors that one class makes for many models: the code behind them is the same.
FAMILIES: dict[str, type[admin.ModelAdmin]] = {"<rule row>": RuleRowAdmin}
# The stock admin leaves some of its addresses without a name.
NAMELESS = {
    "admin/(?P<url>.*)$": "admin:anything else",
    **{
        f"admin/{model._meta.app_label}/{model._meta.model_name}/<path:object_id>/": (
            f"admin:{model._meta.app_label}_{model._meta.model_name}_short"
        )
        for model in admin.site._registry
    },
}


@dataclass(frozen=True)
class Door:
    """`name` is its row in the table; `route` its address as the resolver has it; `keys` each name in it and its converter."""

    name: str
    route: str
    keys: dict[str, str]
    callback: Any
    model: str

    def address(self, given: dict[str, Any]) -> str:
        route = re.sub(r"\^?\(\[\^/\]\+\)/history/.*", "<object_id>/history/1/", self.route)
        route = re.sub(r"\(\?P<url>.*", "<url>", re.sub(r"\^\(\?P<app_label>.*", "<app_label>/", route))
        filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda name: self._written(name[1], given[name[1]]), route)
        return f"/{filled}"

    def _written(self, key: str, value: Any) -> str:
        return str(get_converters()["sealed"].to_url(value) if self.keys[key] == "sealed" else value)


@cache
def doors() -> list[Door]:
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: Any, prefix: str, space: str) -> Iterator[Door]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield _door(pattern, route, space)


def _door(pattern: Any, route: str, space: str) -> Door:
    name = f"{space}{pattern.name}" if pattern.name else NAMELESS.get(route, route)
    return Door(_family(name), route, _keys(pattern, route), pattern.callback, _model(name))


def _keys(pattern: Any, route: str) -> dict[str, str]:
    """Each name in the address, with the word for what may stand there."""
    named = {name: kind or "str" for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", route)}
    if not isinstance(pattern.pattern, RoutePattern) and "history" in route:
        return {"object_id": "path"}
    return named


def _model(name: str) -> str:
    """The model of a door of the admin, as `app.model`."""
    labels = (model._meta.label_lower for model in admin.site._registry)
    return next((label for label in labels if name.startswith(f"admin:{label.replace('.', '_')}_")), "")


def _family(name: str) -> str:
    for word, made_by in FAMILIES.items():
        for model, shown in admin.site._registry.items():
            label = f"{model._meta.app_label}_{model._meta.model_name}_"
            if type(shown) is made_by and name.startswith(f"admin:{label}"):
                return name.replace(label, f"{word}_")
    return name
