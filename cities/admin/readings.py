"""How the admin shows what a text leaves open: as sentences where it is read, as JSON where a draft is edited."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

HELP = (
    "列表，每处没有写明的一项，三个键都要写：question 问题、reading 我们的理解、alternatives 还可以怎么理解（列表，没有就写 []）。"
    "例：[{&quot;question&quot;: &quot;线上提交算不算？&quot;, &quot;reading&quot;: &quot;算。&quot;, "
    "&quot;alternatives&quot;: [&quot;只收纸质材料&quot;]}]。没有要说明的，写 []。"
)


LIST_HELP = "列表，每项加引号，例：[&quot;A-1&quot;, &quot;A-2&quot;]。没有就写 []。"


class ListField(forms.JSONField):
    """A list; nothing written is an empty one."""

    default_error_messages = {"invalid": '写法不对：应为列表，如 ["A-1"]，没有就写 []'}

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if not isinstance(found, list | None):
            raise forms.ValidationError("应为列表，用方括号括起来，没有就写 []")
        return found or []


class ShowsReadings(admin.ModelAdmin):
    """Names the field `readings` instead of `interpretations` on pages that are only read."""

    def formfield_for_dbfield(self, db_field: "models.Field[Any, Any]", request: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, models.JSONField):
            rows = 10 if db_field.name == "interpretations" else 2
            widget = AdminTextareaWidget(attrs={"rows": rows})
            kwargs |= {"form_class": ListField, "show_hidden_initial": False, "widget": widget}
            kwargs["help_text"] = HELP if db_field.name == "interpretations" else LIST_HELP
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="解释")
    def readings(self, row: Any) -> SafeString:
        return render_to_string("admin/cities/interpretations.html", {"interpretations": row.interpretations})

    def is_only_read(self, request: HttpRequest, row: Any) -> bool:
        return row is not None and not self.has_change_permission(request, row)


def as_readings(names: Any) -> list[str]:
    return ["readings" if name == "interpretations" else name for name in names]
