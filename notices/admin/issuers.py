"""The office's page of who signs its documents, with the numbers that each has given."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from accounts import access
from cases.admin.office import WRONG, OfficeAdmin, take
from cases.errors import Refused
from cities.models import City
from cities.permissions import EDIT_RULES, VIEW_CASES
from notices import issuers
from notices.models import Issuer, NoticeTemplate
from records import clock


class IssuerForm(forms.ModelForm):
    class Meta:
        model = Issuer
        fields = ("city", *issuers.SAYS)
        help_texts = {
            "key": "文书样式用它指这个机关；小写字母、数字和连字符，定了就不改",
            "name": "印在文书上的全称；改了以后，以前发出的不变",
            "number_word": "发文字号里年份前面的字；发过号就不能再改",
        }

    def __init__(self, *args: Any, cities: QuerySet[City], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["city"].queryset = cities  # type: ignore[attr-defined]
        self.fields["city"].empty_label = None  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["city"], self.fields["key"]

    def _post_clean(self) -> None:
        """What stands in the way is told by whoever keeps it (`issuers.keep`), all at once."""
        for name in self.fields:
            if name in self.cleaned_data:
                setattr(self.instance, name, self.cleaned_data[name])


@admin.register(Issuer)
class IssuerAdmin(OfficeAdmin):
    list_display = ("name", "number_word", "city", "key")
    list_select_related = ("city",)

    def get_queryset(self, request: HttpRequest) -> Any:
        seen = access.programmes_for(request.user, VIEW_CASES) | access.programmes_for(
            request.user, EDIT_RULES
        )
        return Issuer.objects.filter(city__in=seen.values("city"))

    def edited(self, request: HttpRequest) -> QuerySet[City]:
        mine = access.programmes_for(request.user, EDIT_RULES)
        return City.objects.filter(pk__in=mine.values("city"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or (
            obj is None and access.somewhere(request.user, EDIT_RULES)
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.edited(request).exists()

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "notices_issuer"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("add/", wrap(self.begin_view), name=f"{name}_add"),
            path("<number:pk>/change/", wrap(self.issuer_view), name=f"{name}_change"),
        ]

    def begin_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise Http404
        return self._edit(request, Issuer())

    def issuer_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        issuer = self.one_or_404(request, pk)
        if self.edited(request).filter(pk=issuer.city_id).exists():
            return self._edit(request, issuer)
        if request.method == "POST":
            raise Http404
        return self._show(request, issuer, None)

    def _edit(self, request: HttpRequest, issuer: Issuer) -> HttpResponse:
        form = IssuerForm(request.POST or None, instance=issuer, cities=self.edited(request))
        if request.method == "POST" and form.is_valid():
            try:
                issuers.keep(form.instance, by=request.user, at=clock.now())
            except Refused as refusal:
                take(form, refusal)
            else:
                messages.success(request, f"已保存：{issuer.name}。以前发出的文书不变。")
                return redirect("admin:notices_issuer_change", issuer.pk)
        return self._show(request, issuer, form, WRONG if form.is_bound else 200)

    def _show(
        self, request: HttpRequest, issuer: Issuer, form: IssuerForm | None, status: int = 200
    ) -> HttpResponse:
        kept = Issuer.objects.filter(pk=issuer.pk).select_related("city").first()
        title = kept.name if kept else "新设发文机关"
        context = {
            "issuer": kept,
            "form": form,
            "series": issuers.series_of(kept) if kept else [],
            "wordings": _wordings(kept) if kept else [],
        }
        return self.page(request, "admin/notices/issuer.html", title, status=status, **context)


def _wordings(issuer: Issuer) -> list[NoticeTemplate]:
    """Those in force that it signs."""
    rows = NoticeTemplate.objects.filter(
        programme__city=issuer.city_id, standing=NoticeTemplate.Standing.IN_FORCE
    ).select_related("programme__city")
    return [one for one in rows if issuer.key in one.issuers]
