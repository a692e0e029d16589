from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest

from accounts.login import second, tries
from accounts.models import User
from records import clock

WRONG_CODE = "这个码不对、过了时间，或者已经用过。等应用里换了新的再写"
WRONG_PASSWORD = "密码不对，区分大小写"  # noqa: S105 -- words


class Counted(forms.Form):
    """A form whose tries are counted."""

    is_locked = False

    def tried(
        self, attempt: tries.Attempt, check: Callable[[], Any], whose: Callable[[], User | None]
    ) -> Any:
        """What `check` answers; it raises ValidationError for what is wrong."""
        try:
            attempt.begin()
            answer = check()
        except tries.Locked as locked:
            self.is_locked = True
            raise forms.ValidationError(str(locked)) from None
        except forms.ValidationError as wrong:
            attempt.fail(whose(), clock.now())
            self.is_locked = bool(refusal := attempt.refusal())
            raise (forms.ValidationError(refusal) if refusal else wrong) from None
        attempt.succeed()
        return answer


class LoginForm(Counted, AuthenticationForm):
    """One answer for a wrong name, a wrong password and an account out of use; one for whoever tries too often."""

    error_messages = {
        "invalid_login": "登录名或密码不对，区分大小写。忘了密码可以重设。",
        "inactive": "登录名或密码不对，区分大小写。忘了密码可以重设。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "登录名"
        self.fields["username"].error_messages["required"] = "写明登录名，不能留空"
        self.fields["password"].error_messages["required"] = "写明密码，不能留空"

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username")
        if not name or not self.cleaned_data.get("password") or self.request is None:
            return self.cleaned_data
        attempt = tries.Attempt.of(tries.PASSWORD, name, self.request)
        found: dict[str, Any] = self.tried(
            attempt, super().clean, lambda: User.objects.filter(username=name).first()
        )
        return found


class CodeForm(Counted):
    """A code of the app, or a recovery code; either is used up by being right."""

    code = forms.CharField(
        label="验证码",
        max_length=40,
        help_text="身份验证器应用里现在显示的 6 位数字。手机不在身边的，写一个恢复码",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
        error_messages={"required": "写明验证码，不能留空", "max_length": WRONG_CODE},
    )

    def __init__(self, *args: Any, user: User, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.request = user, request

    def clean(self) -> dict[str, Any]:
        if all(self.cleaned_data.get(name) for name in self.fields):
            attempt = tries.Attempt.of(tries.SECOND, str(self.user.pk), self.request)
            try:
                self.tried(attempt, self.check, lambda: self.user)
            finally:
                if self.is_locked:  # whatever the hint proposes is refused as well
                    self["code"].help_text = ""
        return self.cleaned_data

    def check(self) -> None:
        if not second.passes(self.user, self.cleaned_data["code"], clock.now()):
            raise forms.ValidationError({"code": WRONG_CODE})


class SetUpForm(CodeForm):
    """Asks the password too: whoever finds somebody's browser open must not take the account over."""

    field_order = ("password", "code")

    password = forms.CharField(
        label="现在的密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "写明密码，不能留空"},
    )

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret = secret
        self.fields["code"].help_text = "扫码以后，应用里显示的 6 位数字"

    def check(self) -> None:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError({"password": WRONG_PASSWORD})
        if not second.is_code_of(self.secret, self.cleaned_data["code"]):
            raise forms.ValidationError({"code": WRONG_CODE})
