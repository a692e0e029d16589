"""Every address of the site and what each kind of visitor gets there: one table; an address missing from it fails."""

import re
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver

from accounts import roles
from accounts.invitations import invite
from accounts.models import Grant, Invitation
from cases import batches, grounds
from cities import decisions
from cities.admin.row_form import owner_of
from cities.models import District, Rulebook
from cities.rulebooks import copying
from corrections import steps as correction_steps
from providers.models import ListEdition, Registration
from publicity import steps as publicity_steps
from publicity.models import PublicityItem
from records import files
from tests.conftest import NOW, PDF, UNITS, add, office, review, submitted
from tests.notices.conftest import issued

pytestmark = pytest.mark.django_db

VISITORS = [
    *("anonymous", "provider", "stranger", "clerk", "decider", "auditor", "other_clerk"),
    *("editor", "reviewer"),
]

TABLE = """
#    route                                                             anon. own   other clerk decid audit other-city clerk, editor, district reviewer
GET  /                                                                200   200   200   200   200   200   200   200   200
GET  my/                                                              login 200   200   302   302   302   302   302   302
GET  changes/<uuid:pk>/                                               login 200   404   404   404   404   404   404   404
GET  changes/<uuid:pk>/print/                                         login 200   404   404   404   404   404   404   404
GET  changes/<uuid:pk>/operations/<slug:action>/                      login 200   404   404   404   404   404   404   404
GET  publicity/                                                       200   200   200   200   200   200   200   200   200
GET  publicity/<uuid:pk>/                                             200   200   200   200   200   200   200   200   200
POST publicity/<uuid:pk>/object/                                      422   422   422   422   422   422   422   422   422
GET  publicity/receipt/                                               200   200   200   200   200   200   200   200   200
GET  publicity/receipt/<str:token>/                                   404   404   404   404   404   404   404   404   404
GET  cases/<uuid:pk>/                                                 login 200   404   200   200   200   404   404   404
POST cases/<uuid:pk>/withdraw/                                        login 422   404   404   404   404   404   404   404
GET  cases/<uuid:pk>/materials/<number:material>/                     login 200   404   200   200   200   404   404   404
GET  my/letters/                                                      login 200   200   404   404   404   404   404   404
GET  my/letters/<number:pk>/                                          login 200   404   404   404   404   404   404   404
POST my/<number:registration>/apply/<slug:procedure>/                 login 302   404   404   404   404   404   404   404
GET  login/                                                           200   200   200   200   200   200   200   200   200
POST logout/                                                          302   302   302   302   302   302   302   302   302
GET  password/                                                        login 200   200   200   200   200   200   200   200
GET  password/done/                                                   login 200   200   200   200   200   200   200   200
GET  password/reset/                                                  200   200   200   200   200   200   200   200   200
GET  password/reset/sent/                                             200   200   200   200   200   200   200   200   200
GET  password/reset/done/                                             200   200   200   200   200   200   200   200   200
GET  password/reset/<uidb64>/<token>/                                 200   200   200   200   200   200   200   200   200
GET  invitations/<str:token>/                                         200   200   200   200   200   200   200   200   200
GET  my/members/                                                      login 200   200   404   404   404   404   404   404
GET  my/members/<number:pk>/withdraw/                                 login 200   404   404   404   404   404   404   404
POST my/members/invitations/<uuid:pk>/revoke/                         login 302   404   404   404   404   404   404   404
GET  lists/                                                           200   200   200   200   200   200   200   200   200
GET  lists/<slug:slug>/                                               200   200   200   200   200   200   200   200   200
GET  lists/<slug:slug>/list.csv                                       200   200   200   200   200   200   200   200   200
GET  lists/<slug:slug>/editions/<number:number>/                      200   200   200   200   200   200   200   200   200
GET  lists/<slug:slug>/units/<slug:credit_code>/                      200   200   200   200   200   200   200   200   200
GET  notices/                                                          200   200   200   200   200   200   200   200   200
GET  notices/of/<slug:slug>/                                           200   200   200   200   200   200   200   200   200
GET  notices/of/<slug:slug>/feed.xml                                   200   200   200   200   200   200   200   200   200
GET  notices/<slug:code>/                                              200   200   200   200   200   200   200   200   200
GET  notices/<slug:code>/notice.pdf                                    200   200   200   200   200   200   200   200   200
GET  notices/<slug:code>/sealed.pdf                                    404   404   404   404   404   404   404   404   404
POST verify/                                                           422   422   422   422   422   422   422   422   422
GET  verify/<slug:code>/                                               200   200   200   200   200   200   200   200   200
GET  rules/                                                           200   200   200   200   200   200   200   200   200
GET  rules/compare/                                                   200   200   200   200   200   200   200   200   200
GET  rules/compare.csv                                                200   200   200   200   200   200   200   200   200
GET  rules/<slug:slug>/                                               200   200   200   200   200   200   200   200   200
POST display/large/                                                   302   302   302   302   302   302   302   302   302
GET  healthz                                                          200   200   200   200   200   200   200   200   200
GET  readyz                                                           200   200   200   200   200   200   200   200   200
GET  metrics                                                          200   200   200   200   200   200   200   200   200
GET  admin/operations/                                                302   404   404   404   404   200   404   404   404
GET  admin/                                                           302   302   302   302   302   302   302   302   302
GET  admin/login/                                                     login 403   403   302   302   302   302   302   302
POST admin/logout/                                                    302   302   302   302   302   302   302   302   302
GET  admin/password_change/                                           302   404   404   200   200   200   200   200   200
GET  admin/password_change/done/                                      302   404   404   200   200   200   200   200   200
GET  admin/autocomplete/                                              302   404   404   403   403   403   403   403   403
GET  admin/jsi18n/                                                    302   404   404   200   200   200   200   200   200
GET  admin/r/<path:content_type_id>/<path:object_id>/                 302   404   404   404   404   404   404   404   404
GET  admin/*/*/<path:object_id>/                                      302   404   404   302   302   302   302   302   302
GET  admin/publicity/objection/                                       302   404   404   200   200   200   200   404   404
GET  admin/publicity/objection/add/                                   302   404   404   200   404   404   200   404   404
GET  admin/publicity/objection/<uuid:object_id>/change/               302   404   404   200   200   200   404   404   404
GET  admin/publicity/objection/<uuid:object_id>/file/<int:file_id>/   302   404   404   200   404   200   404   404   404
GET  admin/publicity/publicityperiod/                                 302   404   404   200   200   200   200   404   404
GET  admin/publicity/publicityperiod/<uuid:object_id>/change/         302   404   404   200   200   200   404   404   404
GET  admin/publicity/publicityperiod/<uuid:object_id>/take-down/      302   404   404   302   404   404   404   404   404
GET  admin/cases/batch/                                               302   404   404   200   200   200   200   404   404
GET  admin/cases/batch/add/                                           302   404   404   200   404   404   200   404   404
GET  admin/cases/batch/<uuid:pk>/change/                              302   404   404   200   200   200   404   404   404
GET  admin/publicity/publicityperiod/open/<uuid:batch>/               302   404   404   200   404   404   404   404   404
GET  admin/cases/case/                                                302   404   404   200   200   200   200   404   200
GET  admin/cases/case/paper/                                          302   404   404   200   404   404   200   404   404
GET  admin/cases/case/preview/<number:rulebook>/                      302   404   404   404   200   404   404   200   404
GET  admin/cases/case/again/                                          302   404   404   200   404   404   200   404   404
GET  admin/cases/case/repin/<slug:slug>/                              302   404   404   404   200   404   404   404   404
GET  admin/cases/case/<uuid:pk>/change/                               302   404   404   200   200   200   404   404   404
GET  admin/cases/case/<uuid:pk>/materials/<number:material_pk>/       302   404   404   200   200   200   404   404   404
POST admin/records/letter/<number:pk>/send-again/                     302   404   404   302   404   404   404   404   404
GET  admin/records/letter/mine/                                       302   404   404   200   200   200   200   200   200
GET  admin/records/letter/mine/<number:pk>/                           302   404   404   404   404   404   404   404   404
GET  admin/records/letter/                                            302   404   404   200   200   200   200   404   404
GET  admin/records/letter/add/                                        302   404   404   403   403   403   403   403   403
GET  admin/records/letter/<path:object_id>/history/                   302   404   404   200   200   200   404   404   404
GET  admin/records/letter/<path:object_id>/delete/                    302   404   404   403   403   403   404   404   404
GET  admin/records/letter/<path:object_id>/change/                    302   404   404   200   200   200   404   404   404
GET  admin/cases/groundfound/                                         302   404   404   200   200   200   200   404   404
GET  admin/cases/groundfound/<number:pk>/change/                      302   404   404   200   200   200   404   404   404
GET  admin/corrections/correction/                                    302   404   404   200   200   200   200   404   404
GET  admin/corrections/correction/add/                                302   404   404   200   404   404   200   404   404
GET  admin/corrections/correction/<uuid:pk>/change/                   302   404   404   200   404   404   404   404   404
GET  admin/corrections/correction/<uuid:pk>/operations/<slug:action>/ 302   404   404   200   404   404   404   404   404
GET  admin/notices/notice/                                             302   404   404   200   200   200   200   404   404
GET  admin/notices/notice/<uuid:pk>/change/                            302   404   404   200   200   200   404   404   404
POST admin/notices/notice/<uuid:pk>/withdraw/                          302   404   404   404   404   404   404   404   404
POST admin/notices/notice/<uuid:pk>/sealed/                            302   404   404   404   404   404   404   404   404
GET  admin/notices/noticetemplate/                                     302   404   404   200   200   200   200   200   404
GET  admin/notices/noticetemplate/add/                                 302   404   404   404   404   404   404   200   404
GET  admin/notices/noticetemplate/<number:pk>/change/                  302   404   404   200   200   200   404   200   404
POST admin/notices/noticetemplate/<number:pk>/put-in-force/            302   404   404   404   302   404   404   302   404
GET  admin/cases/deadline/                                            302   404   404   200   200   200   200   404   404
GET  admin/cases/deadline/calendar/                                   302   404   404   200   200   200   200   404   404
GET  admin/accounts/grant/<number:pk>/withdraw/                       302   404   404   404   404   404   404   404   404
GET  admin/accounts/grant/                                            302   404   404   403   403   403   403   403   403
GET  admin/accounts/grant/add/                                        302   404   404   403   403   403   403   403   403
GET  admin/accounts/grant/<path:object_id>/history/                   302   404   404   404   404   404   404   404   404
GET  admin/accounts/grant/<path:object_id>/delete/                    302   404   404   403   403   403   403   403   403
GET  admin/accounts/grant/<path:object_id>/change/                    302   404   404   403   403   403   403   403   403
POST admin/accounts/invitation/<uuid:pk>/revoke/                      302   404   404   404   404   404   404   404   404
GET  admin/accounts/invitation/                                       302   404   404   200   403   403   200   403   403
GET  admin/accounts/invitation/add/                                   302   404   404   200   403   403   200   403   403
GET  admin/accounts/invitation/<path:object_id>/history/              302   404   404   404   404   404   404   404   404
GET  admin/accounts/invitation/<path:object_id>/delete/               302   404   404   403   403   403   403   403   403
GET  admin/accounts/invitation/<path:object_id>/change/               302   404   404   404   403   403   404   403   403
GET  admin/accounts/user/                                             302   404   404   403   403   403   403   403   403
GET  admin/accounts/user/add/                                         302   404   404   403   403   403   403   403   403
GET  admin/accounts/user/<path:object_id>/history/                    302   404   404   404   404   404   404   404   404
GET  admin/accounts/user/<path:object_id>/delete/                     302   404   404   403   403   403   403   403   403
GET  admin/accounts/user/<path:object_id>/change/                     302   404   404   403   403   403   403   403   403
GET  admin/providers/*/                                               302   404   404   200   200   200   200   404   404
GET  admin/providers/*/add/                                           302   404   404   403   403   403   403   403   403
GET  admin/providers/*/<path:object_id>/history/                      302   404   404   200   200   200   404   404   404
GET  admin/providers/*/<path:object_id>/delete/                       302   404   404   403   403   403   404   404   404
GET  admin/providers/*/<path:object_id>/change/                       302   404   404   200   200   200   404   404   404
GET  admin/cities/calendar*/^([^/]+)/history/([^/]+)/$                302   404   404   404   404   404   404   404   404
GET  admin/cities/calendar*/                                          302   404   404   403   403   200   403   200   403
GET  admin/cities/calendar*/add/                                      302   404   404   403   403   403   403   200   403
GET  admin/cities/calendar*/<path:object_id>/history/                 302   404   404   403   403   200   403   200   403
GET  admin/cities/calendar*/<path:object_id>/delete/                  302   404   404   403   403   403   403   403   403
GET  admin/cities/calendar*/<path:object_id>/change/                  302   404   404   403   403   200   403   200   403
GET  admin/cities/city/                                               302   404   404   403   403   403   403   403   403
GET  admin/cities/city/add/                                           302   404   404   403   403   403   403   403   403
GET  admin/cities/city/<path:object_id>/history/                      302   404   404   404   404   404   404   404   404
GET  admin/cities/city/<path:object_id>/delete/                       302   404   404   404   404   404   404   404   404
GET  admin/cities/city/<path:object_id>/change/                       302   404   404   404   404   404   404   404   404
GET  admin/cities/rulebook/<number:object_id>/compare/                302   404   404   404   200   200   404   200   404
GET  admin/cities/rulebook/<number:object_id>/check/                  302   404   404   404   200   200   404   200   404
GET  admin/cities/rulebook/<number:object_id>/file/                   302   404   404   404   200   200   404   200   404
GET  admin/cities/rulebook/<number:object_id>/publish/                302   404   404   404   200   404   404   200   404
GET  admin/cities/rulebook/<number:object_id>/copy/                   302   404   404   404   404   404   404   200   404
GET  admin/cities/rulebook/<number:object_id>/adopt/                  302   404   404   404   404   404   404   200   404
GET  admin/cities/rulebook/<number:object_id>/replace/                302   404   404   404   404   404   404   200   404
GET  admin/cities/rulebook/<number:object_id>/discard/                302   404   404   404   404   404   404   200   404
GET  admin/cities/programme/                                          302   404   404   403   403   200   403   200   403
GET  admin/cities/programme/<path:object_id>/history/                 302   404   404   404   404   200   404   200   404
GET  admin/cities/programme/<path:object_id>/delete/                  302   404   404   404   404   403   404   403   404
GET  admin/cities/programme/<path:object_id>/change/                  302   404   404   404   404   200   404   200   404
GET  admin/cities/officedecision/                                     302   404   404   404   200   200   404   200   404
GET  admin/cities/officedecision/<slug:programme>/<number:version>/<slug:matter>/ 302   404   404   404   200   200   404   200   404
GET  admin/cities/quota/                                              302   404   404   403   403   403   403   403   403
GET  admin/cities/quota/<path:object_id>/history/                     302   404   404   404   404   404   404   404   404
GET  admin/cities/quota/<path:object_id>/delete/                      302   404   404   404   404   404   404   404   404
GET  admin/cities/quota/<path:object_id>/change/                      302   404   404   404   404   404   404   404   404
GET  admin/cities/*/                                                  302   404   404   403   200   200   403   200   403
GET  admin/cities/rulebook/add/                                       302   404   404   403   403   403   403   403   403
GET  admin/cities/programme/add/                                      302   404   404   403   403   403   403   403   403
GET  admin/cities/*/add/                                              302   404   404   403   403   403   403   200   403
GET  admin/cities/*/<path:object_id>/history/                         302   404   404   404   200   200   404   200   404
GET  admin/cities/*/<path:object_id>/delete/                          302   404   404   404   403   403   404   403   404
GET  admin/cities/*/<path:object_id>/change/                          302   404   404   404   200   200   404   200   404
GET  admin/^(?P<app_label>accounts|cases|cities|corrections|notices|providers|publicity|records)/$ 302   404   404   302   302   302   302   302   302
GET  admin/(?P<url>.*)$                                               302   404   404   404   404   404   404   404   404
"""


def rows() -> dict[str, tuple[str, list[str]]]:
    """By route: how it is asked for, and each visitor's answer."""
    lines = [line.split() for line in TABLE.strip().splitlines() if line and not line.startswith("#")]
    return {route: (method, answers) for method, route, *answers in lines}


def routes(resolver: Any = None, prefix: str = "") -> list[str]:
    """Every address the resolver knows, as its pattern is written."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + re.sub(r"(?<=<app_label>)[a-z|]+", _in_order, str(pattern.pattern))
        found += routes(pattern, route) if isinstance(pattern, URLResolver) else [route or "/"]
    return found


def _in_order(apps: re.Match[str]) -> str:
    """The apps of the admin, whichever of them was imported first."""
    return "|".join(sorted(apps[0].split("|")))


def row_of(route: str) -> str | None:
    """The row that speaks of a route: its own, or the first of those that speak of many with a *."""
    if route in rows():
        return route
    many = (row for row in rows() if "*" in row)
    return next((row for row in many if re.fullmatch(re.escape(row).replace(r"\*", "[a-z]+"), route)), None)


@pytest.fixture
def district(registration) -> District:
    """That of the provider's unit."""
    found = District.objects.create(city=registration.programme.city, name="演示区")
    Registration.objects.filter(pk=registration.pk).update(district=found)
    return found


@pytest.fixture
def people(provider, stranger, clerk, decider, auditor, other_clerk, programme, district) -> dict[str, Any]:
    editor = office("editor", "方编辑", roles.RULEBOOK_EDITOR, programme)
    reviewer = office("reviewer", "区审核", roles.DISTRICT_REVIEWER, district)
    users = [None, provider, stranger, clerk, decider, auditor, other_clerk, editor, reviewer]
    return dict(zip(VISITORS, users, strict=True))


@pytest.fixture
def world(apply, registration, third, people, programme, stopped_clock) -> dict[str, Any]:
    """What the addresses speak of: the provider's own, but for what stands in publicity."""
    clerk, provider = people["clerk"], people["provider"]
    paper = apply(third, clerk, [add("fresh", third)], channel="paper", received_on=NOW.date())
    shown = review(submitted(paper, by=clerk, at=NOW), clerk, people["decider"], NOW)
    period = publicity_steps.open_period(shown, by=clerk, at=NOW)
    evidence = files.store(
        SimpleUploadedFile("证据.pdf", PDF), kinds=["pdf"], max_megabytes=1, by=None, at=NOW
    )
    objection = publicity_steps.lodge(
        PublicityItem.objects.get(case=shown),
        at=NOW,
        person="individual",
        name="王异议",
        contact="13800001111",
        matter="与实际不符",
        files=[("evidence", evidence)],
    )
    filed = submitted(apply(registration, provider), by=provider, at=NOW)
    _, token = invite(
        registration.organisation,
        "new@example.org",
        "provider_member",
        by=provider,
        at=NOW,
        base_url="http://testserver",
    )
    return {
        "programme": programme,
        "registration": registration,
        "draft": apply(registration, provider),
        "filed": filed,
        "ground": _found(filed, clerk),
        "correction": correction_steps.begin(registration, by=clerk, at=NOW),
        "batch": batches.create(filed.procedure, [filed], by=clerk, at=NOW),
        "period": period,
        "objection": objection,
        "notice": issued(programme),
        "token": token,
        **_versions(programme, people["editor"]),
        "own_grant": Grant.objects.get(user=provider),
        "invitation": Invitation.objects.get(),
    }


def _found(case: Any, by: Any) -> Any:
    """Something that the desk has to look at."""
    told = {"label": "异议 DG-YY-2026-0009", "evidence": "异议成立", "edition": case.base_edition}
    return grounds.find("list_wrong", "objection:0", case, by=by, at=NOW, **told)


def _versions(programme: Any, editor: Any) -> dict[str, Any]:
    """One version that binds, with a draft made of it, and a text for comment."""
    published = programme.rulebooks.get()
    draft = copying.copy_to_draft(published, change="amendment", reason="修订", by=editor, at=NOW)
    return {
        "matter": decisions.matters(published, NOW)[0],
        "rulebook": published,
        "draft_rules": draft,
        "text_for_comment": programme.rulebooks.create(version=9, title="办法", standing="consultation"),
    }


def arguments(route: str, world: dict[str, Any]) -> dict[str, Any]:
    """What stands in the place of each name in a route."""
    filed, material = world["filed"].pk, world["filed"].materials.first().pk
    own = {"registration": world["registration"].pk, "procedure": "partner_change"}
    grant, invitation = world["own_grant"].pk, world["invitation"].pk
    letter = world["filed"].letters.get().pk
    edition = ContentType.objects.get_for_model(ListEdition).pk
    by_place = {
        "changes/": {"pk": world["draft"].pk, "action": "add_partner"},
        "publicity/": {"pk": world["period"].pk, "token": "no-such-token"},
        "cases/": {"pk": filed, "material": material},
        "my/letters/": {"pk": letter},
        "admin/records/letter/": {"pk": letter, "object_id": letter},
        "notices/": {"slug": world["programme"].slug, "code": world["notice"].code},
        "verify/": {"code": world["notice"].code},
        "admin/notices/noticetemplate/": {"pk": world["notice"].template_id},
        "admin/notices/": {"pk": world["notice"].pk},
        "lists/": {"slug": world["programme"].slug, "number": 1, "credit_code": UNITS["first"][0]},
        "rules/": {"slug": world["programme"].slug},
        "invitations/": {"token": world["token"]},
        "password/": {"uidb64": "MQ", "token": "no-such-token"},
        "my/members/invitations/": {"pk": invitation},
        "my/": {**own, "pk": grant},
        "admin/cases/case/preview/": {"rulebook": world["filed"].rulebook_id},
        "admin/cases/case/repin/": {"slug": world["programme"].slug},
        "admin/cases/batch/": {"pk": world["batch"].pk},
        "admin/publicity/publicityperiod/open/": {"batch": world["batch"].pk},
        "admin/cases/groundfound/": {"pk": world["ground"].pk},
        "admin/corrections/": {"pk": world["correction"].pk, "action": "mend_unit"},
        "admin/cases/": {"pk": filed, "material_pk": material},
        "admin/publicity/objection/": {
            "object_id": world["objection"].pk,
            "file_id": world["objection"].files.get().pk,
        },
        "admin/publicity/": {"object_id": world["period"].pk},
        "admin/accounts/invitation/": {"pk": invitation, "object_id": invitation},
        "admin/accounts/grant/": {"pk": grant, "object_id": grant},
        "admin/r/": {"content_type_id": edition, "object_id": 1},
        "admin/cities/officedecision/": {
            "programme": world["programme"].slug,
            "version": 1,
            "matter": world["matter"].key,
        },
        **_of_rules(world),
        "admin/": {"object_id": _any_row(route)},
    }
    return next((known for place, known in by_place.items() if route.startswith(place)), {})


def _of_rules(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Each step of a rulebook's life with one that it fits."""
    page = "admin/cities/rulebook/<number:object_id>/"
    draft, text = {"object_id": world["draft_rules"].pk}, {"object_id": world["text_for_comment"].pk}
    steps_of_draft = {
        f"{page}{step}/": draft for step in ("compare", "check", "publish", "replace", "discard")
    }
    published = {"object_id": world["rulebook"].pk}
    return {**steps_of_draft, f"{page}adopt/": text, "admin/cities/rulebook/": published}


def _any_row(route: str) -> Any:
    """Some row of the model whose stock page this is; where there is none, one that is not there."""
    parts = route.split("/")
    found = ContentType.objects.filter(app_label=parts[1], model=parts[2]).first() if len(parts) > 3 else None
    model = found.model_class() if found else None
    row = model._default_manager.first() if model else None
    return row.pk if row else 1


def address(route: str, world: dict[str, Any]) -> str:
    known = arguments(route, world)
    if route.startswith("admin/^(?P<app_label>"):
        return "/admin/cities/"
    if "(?P<url>" in route:
        return "/admin/nothing-here"
    plain = re.sub(r"\^\(\[\^/\]\+\)/history/.*", f"{known.get('object_id')}/history/1/", route)
    filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda name: str(known[name[1]]), plain)
    return f"/{filled.lstrip('/')}{_place(route, world)}"


def _place(route: str, world: dict[str, Any]) -> str:
    """Where a new row of the draft is to stand, which the address of its form says."""
    if row_of(route) != "admin/cities/*/add/":
        return ""
    name, owner = owner_of(apps.get_model("cities", route.split("/")[2]))
    draft = world["draft_rules"]
    of_draft = {"pk": draft.pk} if owner is Rulebook else {"rulebook": draft}
    return f"?{name}={owner._default_manager.filter(**of_draft).values_list('pk', flat=True)[0]}"


def answer(cookies: SimpleCookie, method: str, url: str) -> str:
    """The status; a redirect to the login page is told apart from others. Nothing stays of the visit."""
    client = Client(raise_request_exception=False)
    client.cookies = SimpleCookie(cookies.output(header="", sep=";"))
    with transaction.atomic():
        response = client.generic(method, url, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    b"".join(response)  # read to its end, which closes it
    to_login = response.status_code == 302 and response["Location"].startswith("/login/?next=")
    return "login" if to_login else str(response.status_code)


def entered(user: Any) -> SimpleCookie:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.cookies


def test_every_address_has_a_row_and_every_row_an_address():
    known = set(routes())
    spoken_of = {row_of(route) for route in known}
    assert sorted(route for route in known if row_of(route) is None) == []
    assert sorted(set(rows()) - spoken_of) == []


def test_every_visitor_gets_what_the_table_says(people, world):
    cookies = [entered(user) for user in people.values()]
    wrong = []
    for route in routes():
        method, expected = rows()[row_of(route) or ""]
        url = address(route, world)
        given = [answer(jar, method, url) for jar in cookies]
        if given != expected:
            wrong.append(f"{method} {route}: {' '.join(given)} instead of {' '.join(expected)}")
    assert wrong == []


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("/lists/{slug}/editions/9223372036854775808/", 404),
        ("/lists/{slug}/editions/1000000000/", 404),
        ("/lists/{slug}/editions/999999999/", 404),
        ("/lists/{slug}/units/%00/", 404),
        ("/lists/{slug}/?page=9223372036854775808", 400),
        ("/cases/{case}/materials/9223372036854775808/", 404),
        ("/my/members/9223372036854775808/withdraw/", 404),
        ("/my/members/?organisation=9223372036854775808", 404),
        ("/publicity/?page=9223372036854775808", 404),
    ],
)
def test_number_no_column_can_hold_leads_nowhere(
    client, provider, programme, submitted_case, stopped_clock, place, status
):
    client.force_login(provider)
    address = place.format(slug=programme.slug, case=submitted_case.pk)
    assert client.get(address).status_code == status


def test_stock_pages_speak_as_the_rest_of_the_site(client, auditor, registration, stopped_clock):
    client.force_login(auditor)
    page = client.get("/admin/publicity/objection/").content.decode()
    for said in ("<h1>异议</h1>", ">退出</button>", ">筛选</h2>"):
        assert said in page
    for raw in ("注销", "过滤器", "查看</h1>"):
        assert raw not in page
