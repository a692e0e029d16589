"""An account is entered, and altered by somebody else."""

from typing import Any

from django import forms

from accounts import addresses, people
from accounts.admin.base import ActingForm
from accounts.forms import USERNAME_HINT, USERNAME_INVALID, refuse_look_alike
from accounts.models import User

ANOTHER = "是同一人的另一个账号"
TAKEN = f"是同一人的，优先给那个账号授权，确实要另一个账号的，勾选“{ANOTHER}”；不是同一人的，换一个邮箱"
ANOTHER_HINT = "只在邮箱和别的账号相同时勾选：两个账号算同一人，须由两人办的事不能都由他办"


class NewForm(ActingForm):
    """A person without a password: he sets one by the link he is sent."""

    is_another = forms.BooleanField(label=ANOTHER, required=False, help_text=ANOTHER_HINT)

    class Meta:
        model = User
        fields = ("username", "full_name", "email")
        labels = {"username": "登录名", "email": "邮箱"}
        help_texts = {"username": USERNAME_HINT, "email": "设置密码的链接发到这里"}
        error_messages = {
            "username": {
                "required": "写明登录名，不能留空",
                "invalid": USERNAME_INVALID,
            },
            "full_name": {"required": "写明姓名，不能留空"},
            "email": {"required": "写明邮箱，不能留空", "invalid": "邮箱写得不对，核对后重填"},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        refuse_look_alike(name)
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError("这个登录名已有人用，换一个")
        return str(name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        address = cleaned.get("email", "")
        is_asked = address and "email" in self.changed_data and not cleaned.get("is_another")
        if is_asked and (said := people.taken(address, self.acting, but=self.instance)):
            self.add_error("email", said + TAKEN)
        return cleaned


class AlterForm(NewForm):
    reason = forms.CharField(
        label="停用或启用的理由",
        required=False,
        max_length=200,
        help_text="只在停用或启用账号时填，会留在记录里，不超过 200 字",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "理由不超过 200 字，现在 %(show_value)d 字"},
    )

    class Meta(NewForm.Meta):
        fields = ("full_name", "email", "is_active")
        labels = {"email": "邮箱", "is_active": "在用"}
        help_texts = {"is_active": "不勾选为停用：不能登录，授权和办过的事不变"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = addresses.hint()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "is_active" in self.changed_data and not cleaned.get("reason", "").strip():
            act = "启用" if cleaned.get("is_active") else "停用"
            self.add_error("reason", f"写明为什么{act}这个账号，不能留空")
        return cleaned
