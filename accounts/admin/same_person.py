"""Which accounts are known to be one person's: seen, declared and declared apart by who administers access."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from accounts import access, people, queries
from accounts.errors import Refused
from accounts.models import User
from accounts.same_person import how
from records import clock
from records.answers import WRONG


class AccountsForm(forms.Form):
    username = forms.CharField(
        label="另一个账号的登录名", required=False, max_length=150, help_text="解除登记时不用填"
    )
    reason = forms.CharField(
        label="理由",
        max_length=200,
        help_text="怎么知道是同一人，或者为什么解除。会留在记录里",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": "写明理由，不能留空",
            "max_length": "理由不超过 200 字，现在 %(show_value)d 字",
        },
    )


def accounts_page(site: Any, request: HttpRequest, pk: int) -> HttpResponse:
    governed = queries.governed_people(request.user)
    person = access.one_or_404(governed, pk=pk)
    form = AccountsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _done(request, person, form):
        return HttpResponseRedirect(request.path)
    mine = person.own_accounts() - {person.pk}
    others = User.objects.filter(pk__in=mine).order_by("username")
    namesakes = governed.filter(full_name=person.full_name).exclude(pk__in=mine | {person.pk})
    page = {
        **site.each_context(request),
        "title": "同一人的账号",
        "person": person,
        "others": [(other, how(person, other)) for other in others],
        "is_own": access.acting(request).pk in person.own_accounts(),
        "namesakes": namesakes.order_by("username"),
        "form": form,
    }
    status = WRONG if form.errors else 200
    return TemplateResponse(request, "accounts/admin_accounts.html", page, status=status)


def _done(request: HttpRequest, person: User, form: AccountsForm) -> bool:
    by, now, reason = access.acting(request), clock.now(), form.cleaned_data["reason"]
    try:
        if request.POST.get("act") == "apart":
            people.declare_apart(person, at=now, by=by, reason=reason)
            messages.success(request, f"已解除 {person.username} 的同一人登记。")
            return True
        other = _named(request, form.cleaned_data["username"].strip())
        if other is None:
            form.add_error("username", "没有这个登录名，或者不在您的授权范围内。核对后重填")
            return False
        people.declare_one(person, other, at=now, by=by, reason=reason)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"已登记 {person.username} 与 {other.username} 是同一人的账号。")
    return True


def _named(request: HttpRequest, username: str) -> User | None:
    return queries.governed_people(request.user).filter(username=username).first()
