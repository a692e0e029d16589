"""How the admin shows what a text leaves open: as sentences where it is read, as in a rulebook file where a draft is edited."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from cities.models import CitedRow
from cities.rulebooks import dump, schema, source, values
from cities.rulebooks.errors import Problems
from cities.rulebooks.schema import Key
from cities.rulebooks.writer import write

HELP = (
    "与规则文件写法相同，每处没有写明的一项，三个键都要写：question 问题、reading 我们的理解、alternatives 还可以怎么理解（没有就写 []）；这一行的值由此而来的，另写 of 是哪些值。例："
    "<pre>- question: 线上提交算不算？\n  reading: 算。\n  alternatives:\n    - 只收纸质材料。</pre>没有要说明的，空着。"
)
LIST_HELP = "每行一项，前面加“- ”。没有就空着。"


class ListField(forms.Field):
    """A list, written as in a rulebook file; nothing written is an empty one."""

    def __init__(self, *, key: Key, keys: dict[str, Key], **kwargs: Any) -> None:
        # What a model field would hand on to a field for JSON.
        for name in ("encoder", "decoder"):
            kwargs.pop(name, None)
        super().__init__(**kwargs)
        self.key, self.keys = key, keys

    def prepare_value(self, value: Any) -> Any:
        """What somebody typed, which may be wrong, stays as it was typed."""
        if not isinstance(value, list):
            return value
        return write(dump.written({self.key.column: value}, self.keys)[self.key.name]) if value else ""

    def to_python(self, value: Any) -> list[Any]:
        if isinstance(value, list):
            return value
        problems = Problems("")
        node = source.read_bytes(str(value or "[]").encode(), problems)
        if node is None or problems.errors:
            raise forms.ValidationError([_told(one.line, one.reason) for one in problems.errors])
        try:
            found: list[Any] = values.convert(self.key, node)
        except values.Wrong as wrong:
            every = [_told(one.line or node.line, str(one)) for one in wrong.each()]
            raise forms.ValidationError(every) from wrong
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or []))
        except forms.ValidationError:
            return True


def _told(line: int, reason: str) -> str:
    return f"第 {line} 行：{reason}"


def _keys(model: type[models.Model]) -> dict[str, Key]:
    return schema.keys_of(model) if issubclass(model, CitedRow) else schema.head(model)


class ShowsReadings(admin.ModelAdmin):
    """Names the field `readings` instead of `interpretations` on pages that are only read."""

    def formfield_for_dbfield(self, db_field: "models.Field[Any, Any]", request: Any, **kwargs: Any) -> Any:
        keys = {key.column: key for key in _keys(db_field.model).values()}
        if isinstance(db_field, models.JSONField) and db_field.name in keys:
            is_reading = db_field.name == "interpretations"
            widget = AdminTextareaWidget(attrs={"rows": 10 if is_reading else 3})
            kwargs |= {
                "form_class": partial(ListField, key=keys[db_field.name], keys=_keys(db_field.model)),
                "show_hidden_initial": False,
                "widget": widget,
                "help_text": mark_safe(HELP) if is_reading else LIST_HELP,  # noqa: S308  (our own words)
            }
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="解释")
    def readings(self, row: Any) -> SafeString:
        return render_to_string("admin/cities/interpretations.html", {"interpretations": row.interpretations})

    def is_only_read(self, request: HttpRequest, row: Any) -> bool:
        return row is not None and not self.has_change_permission(request, row)


def as_readings(names: Any) -> list[str]:
    return ["readings" if name == "interpretations" else name for name in names]
