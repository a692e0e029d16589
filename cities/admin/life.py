"""The pages around a rulebook: the steps of its life, its comparison with the version before, its faults, its file."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from cities.admin import links
from cities.admin.held import GrantedAdmin
from cities.admin.steps import STEPS, Done, Step
from cities.models import Rulebook
from cities.rulebooks import adopting, checking, comparing, dump
from cities.rulebooks.errors import RulebookErrors, RulebookRefused
from records import clock
from records.answers import WRONG


class RulebookLife(GrantedAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "cities_rulebook"
        reading = {"compare": self.compare_view, "check": self.check_view, "file": self.file_view}
        views = {key: require_safe(view) for key, view in reading.items()} | {
            step.key: partial(self.step_view, step=step) for step in STEPS
        }
        own = [
            path(f"<number:object_id>/{key}/", wrap(view), name=f"{name}_{key}")
            for key, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        context["life"] = self._offered(request, kwargs.get("obj"))
        return super().render_change_form(request, context, *args, **kwargs)

    def _offered(self, request: HttpRequest, rulebook: Rulebook | None) -> dict[str, Any]:
        if rulebook is None:
            return {}
        fitting = [step for step in STEPS if step.fits(rulebook)]
        steps = [one for one in fitting if self._reaches(request, rulebook, one.permission)]
        own = [(_url(rulebook, key), label) for key, label in _pages(rulebook)]
        return {
            "steps": [(_url(rulebook, step.key), step.label) for step in steps],
            "pages": [*own, *self._from_above(request, rulebook)],
        }

    def _from_above(self, request: HttpRequest, rulebook: Rulebook) -> list[tuple[str, str]]:
        """The pages that other apps have of it, for whoever may see them."""
        seen = [one for one in links.registered() if self._reaches(request, rulebook, *one.permissions)]
        return [(url, one.label) for one in seen if (url := one.address(rulebook))]

    def step_view(self, request: HttpRequest, object_id: int, *, step: Step) -> HttpResponse:
        rulebook = _one_or_404(self.held(request, step.permission), object_id)
        if not step.fits(rulebook):
            messages.error(request, f"{rulebook}是{rulebook.get_standing_display()}，现在不能{step.label}。")
            return redirect(_page_of(rulebook))
        if request.method != "POST":
            form = step.asked(rulebook, initial=step.initial(rulebook))
            return self._show_step(request, rulebook, step, form)
        form = step.asked(rulebook, request.POST, request.FILES)
        if not form.is_valid():
            return self._show_step(request, rulebook, step, form)
        done = _take(request, rulebook, step, form)
        if done is None:
            return self._show_step(request, rulebook, step, form, is_refused=True)
        messages.success(request, done.message)
        return redirect(_page_of(done.rulebook))

    def _show_step(
        self, request: HttpRequest, rulebook: Rulebook, step: Step, form: forms.Form, is_refused: bool = False
    ) -> TemplateResponse:
        """With all that stands in the way, unless a refusal has said it already."""
        before = comparing.before(rulebook)
        context: dict[str, Any] = {
            "step": step,
            "form": form,
            "told": [] if is_refused else step.in_the_way(rulebook, request.user, clock.now()),
            "problem_title": f"还不能{step.label}",
            "before": before,
            "changes": comparing.compare(before, rulebook) if before and step.shows_changes else [],
            "again": adopting.to_read_again(rulebook) if "read_again" in form.fields else [],
        }
        status = WRONG if form.is_bound else 200
        return self._page(request, "step", rulebook, step.label, status=status, **context)

    def compare_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        rulebook = _one_or_404(self.get_queryset(request), object_id)
        before = comparing.before(rulebook)
        if before is None:
            raise Http404(f"{rulebook}之前没有别的版本。")
        changes = comparing.compare(before, rulebook)
        articles = comparing.articles_of(changes)
        context: dict[str, Any] = {"before": before, "changes": changes, "articles": articles}
        return self._page(request, "compare", rulebook, f"与第 {before.version} 版比较", **context)

    def check_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        rulebook = _one_or_404(self.get_queryset(request), object_id)
        findings = [(one, _page_of(one.row) if one.row else "") for one in checking.findings(rulebook)]
        again = adopting.to_read_again(rulebook)
        return self._page(request, "check", rulebook, "查错", findings=findings, again=again)

    def file_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        rulebook = _one_or_404(self.get_queryset(request), object_id)
        response = HttpResponse(dump.as_text(rulebook), content_type="application/yaml; charset=utf-8")
        name = f"{rulebook.programme.slug}-v{rulebook.version}.yaml"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def _page(
        self,
        request: HttpRequest,
        name: str,
        rulebook: Rulebook,
        title: str,
        *,
        status: int = 200,
        **context: Any,
    ) -> TemplateResponse:
        whole = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "rulebook": rulebook,
            "now": clock.now(),
        }
        return TemplateResponse(request, f"admin/cities/rulebook/{name}.html", whole | context, status=status)


def _one_or_404(rows: Any, pk: int) -> Rulebook:
    found: Rulebook | None = rows.select_related("programme__city", "based_on").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _pages(rulebook: Rulebook) -> list[tuple[str, str]]:
    """What can be read of it, by key and label."""
    before = comparing.before(rulebook)
    pages = [("compare", f"与第 {before.version} 版比较")] if before else []
    pages += [] if rulebook.is_frozen else [("check", "查错")]
    return [*pages, ("file", "下载文件"), ("history", "历史")]


def _url(rulebook: Rulebook, key: str) -> str:
    return reverse(f"admin:cities_rulebook_{key}", args=[rulebook.pk])


def _page_of(row: Any) -> str:
    """The page of a rulebook or a row; without one, the list of rulebooks."""
    if row is None:
        return reverse("admin:cities_rulebook_changelist")
    return reverse(f"admin:cities_{row._meta.model_name}_change", args=[row.pk])


def _take(request: HttpRequest, rulebook: Rulebook, step: Step, form: forms.Form) -> Done | None:
    """None if it was refused; the form then says why."""
    try:
        return step.take(rulebook, form.cleaned_data, by=request.user, at=clock.now())
    except RulebookRefused as refused:
        reasons = refused.reasons
    except RulebookErrors as wrong:
        reasons = [str(error) for error in wrong.errors]
    for reason in reasons:
        form.add_error(None, reason)
    return None
