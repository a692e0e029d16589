"""The letters of one's own desk, whether or not they are mailed as well."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from accounts import access, people
from cases import inbox
from records import clock

PER_PAGE = 20


def mine(site: Any, request: HttpRequest) -> HttpResponse:
    """The newest first. Posted to, it turns the mail off or on again; the letters come all the same."""
    person = access.acting(request)
    if request.method == "POST":
        person.desk_mail = "mail" in request.POST
        people.alter(person, ["desk_mail"], at=clock.now(), by=person)
        told = "待办信以后也寄到您的邮箱。" if person.desk_mail else "待办信不再寄到您的邮箱，在这里看。"
        messages.success(request, told)
        return redirect("admin:records_letter_mine")
    page = Paginator(inbox.desk_letters_for(person), PER_PAGE).get_page(request.GET.get("page"))
    context = {**site.each_context(request), "now": clock.now(), "page": page, "title": "我的信件"}
    return TemplateResponse(request, "admin/cases/inbox.html", context)


def one(site: Any, request: HttpRequest, pk: int) -> HttpResponse:
    now = clock.now()
    letter = access.one_or_404(inbox.desk_letters_for(request.user), pk=pk)
    inbox.open_letter(letter, request.user, now)
    context = {**site.each_context(request), "now": now, "letter": letter, "title": letter.subject}
    return TemplateResponse(request, "admin/cases/inbox_letter.html", context)
