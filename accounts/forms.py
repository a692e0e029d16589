from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordResetForm, UserCreationForm
from django.db import transaction
from django.http import HttpRequest

from accounts import letters, links, roles
from accounts.models import User
from records import clock

USERNAME_HINT = "登录时用。可以用文字、数字和 @ . + - _，定了不能改"


class ResetForm(PasswordResetForm):
    """Writes to whoever has the address; what is answered, and how long it takes, does not depend on it, nor on any mail server."""

    @transaction.atomic
    def save(self, *, request: HttpRequest, **options: Any) -> None:  # type: ignore[override]
        base, now = links.base_url(request), clock.now()
        people = list(self.get_users(self.cleaned_data["email"]))
        for person in people:
            letters.reset_password(person, base, now)
        if not people:
            letters.reset_password_of_nobody(base, now)


class NewPersonForm(UserCreationForm):
    """The account that an invitation is taken up with."""

    error_messages = {"password_mismatch": "两次写的密码不一样，重写一遍"}

    class Meta:
        model = User
        fields = ("username", "full_name")
        labels = {"username": "登录名", "full_name": "姓名"}
        help_texts = {"username": USERNAME_HINT, "full_name": "写真实姓名，办理记录里会显示"}
        error_messages = {
            "username": {
                "required": "写明登录名，不能留空",
                "unique": "这个登录名已有人用，换一个",
                "invalid": "登录名里有不能用的字符，只用文字、数字和 @ . + - _",
            },
            "full_name": {"required": "写明姓名，不能留空"},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.pop("autofocus", None)
        self.fields["password1"].label = "密码"
        self.fields["password2"].label = "密码再写一遍"
        self.fields["password2"].help_text = ""
        for name in ("password1", "password2"):
            self.fields[name].error_messages["required"] = "写明密码，不能留空"


class InviteForm(forms.Form):
    email = forms.EmailField(
        label="邮箱",
        help_text="邀请链接发到这里",
        error_messages={
            "required": "写明邮箱，不能留空",
            "invalid": "邮箱写得不对，核对后重填，如 name@example.com",
        },
    )
    role = forms.ChoiceField(
        label="以什么身份",
        choices=[(role, roles.LABELS[role]) for role in (roles.PROVIDER_MEMBER, roles.PROVIDER_MANAGER)],
        initial=roles.PROVIDER_MEMBER,
        widget=forms.RadioSelect,
        error_messages={"required": "选一个身份", "invalid_choice": "选列出的身份"},
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="理由",
        max_length=200,
        help_text="会留在记录里，不超过 200 字",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "写明理由，不能留空",
            "max_length": "理由不超过 200 字，现在 %(show_value)d 字",
        },
    )
