"""A new password. Whoever sets one ends what is logged in elsewhere; one set by link opens a locked account again."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import (
    PasswordChangeView,
    PasswordResetConfirmView,
    PasswordResetDoneView,
    PasswordResetView,
)
from django.db import transaction
from django.http import HttpResponse

from accounts import people
from accounts.forms import ResetForm
from accounts.login import tries
from records import clock
from records.answers import TOO_MANY


class PasswordReset(PasswordResetView):
    form_class = ResetForm

    def form_valid(self, form: Any) -> HttpResponse:
        if refusal := tries.refuse_resets(self.request):
            form.add_error(None, refusal)
            return self.render_to_response(self.get_context_data(form=form), status=TOO_MANY)
        return super().form_valid(form)


class PasswordResetDone(PasswordResetDoneView):
    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(rest_hours=settings.ADDRESS_REST_HOURS, **context)


class PasswordChange(PasswordChangeView):
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        people.note_new_password(form.user, at=clock.now(), but=self.request.session.session_key)
        return answer


class PasswordResetConfirm(PasswordResetConfirmView):
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        people.note_new_password(form.user, at=clock.now())
        tries.Attempt.of(tries.PASSWORD, form.user.get_username(), self.request).succeed()
        return answer
