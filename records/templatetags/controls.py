"""Form fields and their errors, for `includes/field.html` and `includes/error_summary.html`."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField, CheckboxInput, RadioSelect
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def control(field: BoundField, hint: str = "") -> SafeString:
    """The widget, described by the hint and the error that stand above it."""
    described = [f"{field.auto_id}_helptext"] if hint or field.help_text else []
    described += [f"{field.auto_id}_error"] if field.errors else []
    return field.as_widget(attrs={"aria-describedby": " ".join(described)} if described else {})


@register.filter
def shape(field: BoundField) -> str:
    """`hidden`, `tick` (one checkbox), `group` (radio buttons or checkboxes) or `box` (everything that is typed, picked or uploaded)."""
    if field.is_hidden:
        return "hidden"
    if isinstance(field.field.widget, CheckboxInput):
        return "tick"
    return "group" if isinstance(field.field.widget, RadioSelect) else "box"


@register.simple_tag
def form_errors(*forms: Any) -> list[dict[str, str]]:
    """Every error of forms, formsets and rows of {href, text}, in the order given; an empty one is passed over."""
    return [error for form in forms if form for error in _errors(form)]


def _errors(form: Any) -> Iterator[dict[str, str]]:
    if isinstance(form, BaseFormSet):
        yield from ({"href": "", "text": str(text)} for text in form.non_form_errors())
        for row in form.forms:
            yield from _errors(row)
    elif isinstance(form, BaseForm):
        yield from ({"href": "", "text": str(text)} for text in form.non_field_errors())
        for field in form:
            yield from (
                {"href": f"#{target(field)}", "text": _said(field, str(text))} for text in field.errors
            )
    else:
        yield from form


def _said(field: BoundField, text: str) -> str:
    """Away from its field an error must name it."""
    label = str(field.label).rstrip("。：")
    return text if label in text else f"{label}：{text}"


def target(field: BoundField) -> str:
    """The id that a link to the field must name: for a group of choices its first one."""
    return field.id_for_label or f"{field.auto_id}_0"
