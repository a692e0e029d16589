import re
from typing import Any, cast

from django import forms
from django.contrib.auth.forms import PasswordResetForm, UserCreationForm
from django.db import transaction
from django.http import HttpRequest

from accounts import letters, links, roles
from accounts.models import Grant, User
from records import clock, files

# As they are written today; those kept for compatibility look like others.
HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ebef\U00030000-\U000323af"
EVIDENCE_KINDS, EVIDENCE_MEGABYTES = ["pdf", "jpeg", "png"], 20
INVITE = "invite"
USERNAME_HINT = "登录时用。可以用汉字、英文字母、数字和 @ . + - _，定了不能改"
USERNAME_INVALID = "登录名里有不能用的字符，只用汉字、英文字母、数字和 @ . + - _"


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


def refuse_look_alike(username: str) -> None:
    """A name in letters of other scripts, or in another width, looks like that of somebody else."""
    if not re.fullmatch(rf"[{HAN}A-Za-z0-9@.+_-]+", username):
        raise forms.ValidationError(USERNAME_INVALID)


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
                "invalid": USERNAME_INVALID,
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

    def clean_username(self) -> str:
        refuse_look_alike(self.cleaned_data["username"])
        return str(super().clean_username() or "")


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


class HandoverForm(forms.Form):
    """To whom an organisation's manager gives way; the office also says which manager, and on what evidence."""

    old = forms.ChoiceField(
        label="哪一位管理员",
        widget=forms.RadioSelect,
        error_messages={"required": "选一位管理员", "invalid_choice": "选列出的管理员"},
    )
    new = forms.ChoiceField(
        label="交给谁",
        widget=forms.RadioSelect,
        error_messages={"required": "选一位办事员，或者选邀请", "invalid_choice": "选列出的人"},
    )
    email = forms.EmailField(
        label="对方的邮箱",
        required=False,
        help_text="只在邀请时填。对方接受以前，管理员不变",
        error_messages={"invalid": "邮箱写得不对，核对后重填"},
    )
    stays = forms.ChoiceField(
        label="原管理员以后",
        widget=forms.RadioSelect,
        choices=[("member", "留任办事员，仍可为本单位办事"), ("leaves", "不再为本单位办事")],
        error_messages={"required": "选一项", "invalid_choice": "选列出的一项"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=200,
        help_text="会留在记录里，也写进给单位的信，不超过 200 字",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "写明交接的理由，不能留空",
            "max_length": "理由不超过 200 字，现在 %(show_value)d 字",
        },
    )
    evidence = forms.FileField(
        label="单位的证明",
        help_text=f"单位盖章的更换管理员函件。{files.wording(EVIDENCE_KINDS, EVIDENCE_MEGABYTES)}",
        error_messages={"required": "上传单位的证明，不能空着", "empty": "文件是空的，重新选择"},
    )

    def __init__(self, *args: Any, held: list[Grant], by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        managers = [one for one in held if one.role == roles.PROVIDER_MANAGER]
        self._own = next((one for one in managers if one.user_id == by.pk), None)
        members = [one.user for one in held if one.role == roles.PROVIDER_MEMBER]
        self.people = {str(user.pk): user for user in members}
        self.managers = {str(one.pk): one for one in managers}
        _choose(self, "old", [(key, one.user.display_name) for key, one in self.managers.items()])
        named = [
            (key, f"{user.display_name}（{user.username}，现在是办事员）")
            for key, user in self.people.items()
        ]
        _choose(self, "new", [*named, (INVITE, "邀请一位还不是办事员的人")])
        if self._own:
            del self.fields["old"], self.fields["evidence"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new") == INVITE and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "写明对方的邮箱，不能留空")
        return cleaned

    @property
    def old_grant(self) -> Grant:
        return self._own or self.managers[self.cleaned_data["old"]]

    @property
    def member(self) -> User | None:
        """Nobody where somebody new is invited."""
        return self.people.get(self.cleaned_data["new"])


def _choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices
