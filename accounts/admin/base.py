"""What the admins of people, grants and invitations share: access by grant instead of Django's model permissions."""

from typing import Any, NoReturn

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.errors import Refused
from accounts.models import User
from records.lookups import OwnLookups


class ActingForm(forms.ModelForm):
    """A form that knows who fills it in."""

    acting: User


class KeptAdmin(OwnLookups):
    """Rows are added through the functions that write, then only read; nothing is deleted.

    `asked`: the fields to add a row with; `shown`: what a page of one tells. Subclasses write in `save_form`.
    """

    add_words: str
    asked: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    actions: Any = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.shown if obj else self.asked

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.shown if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj:
            return super().get_form(request, obj, change, form=forms.ModelForm, **kwargs)
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"acting": request.user})

    def title_of(self, obj: Any) -> str:
        return str(obj)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        found = self.get_object(request, object_id) if object_id else None
        title = self.title_of(found) if found else self.add_words
        named = {"title": title, "subtitle": "", **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, named)
        except Refused as refusal:  # somebody was quicker than this form
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.path)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> NoReturn:
        raise Http404

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """`save_form` has done it."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """There are none."""
