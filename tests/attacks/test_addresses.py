"""By what stands behind the question mark, by another method, and by sending somebody elsewhere."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from publicity.models import Objection

pytestmark = pytest.mark.django_db


def listed(label: str) -> str:
    return reverse(f"admin:{label}_changelist")


@pytest.mark.parametrize(
    "column", ["name", "contact", "matter", "receipt_key", "form_key", "credit_code", "address"]
)
def test_who_objected_is_not_told_letter_by_letter_to_the_decider(as_: Any, column: str) -> None:
    first = str(getattr(Objection.objects.get(), column))[:1]

    answer = as_("decider").get(listed("publicity_objection"), {f"{column}__startswith": first})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("who", "label", "asked"),
    [
        ("access", "accounts_user", "password__startswith"),
        ("access", "accounts_user", "secondfactor__secret__startswith"),
        ("access", "accounts_user", "one_person__isnull"),
        ("access", "accounts_grant", "user__password__startswith"),
        ("clerk", "accounts_invitation", "token_digest__startswith"),
        ("clerk", "accounts_invitation", "invited_by__password__startswith"),
        ("clerk", "records_letter", "body__contains"),
        ("clerk", "records_letter", "deliveries__person__password__startswith"),
        ("auditor", "cities_rulebook", "drafted_by__password__startswith"),
    ],
)
def test_what_a_list_does_not_show_is_not_told_by_filtering(
    as_: Any, who: str, label: str, asked: str
) -> None:
    answer = as_(who).get(listed(label), {asked: "a"})

    # `?e=1`: there is no such column at all.
    assert answer.status_code == 400 or answer.headers.get("Location", "").endswith("?e=1")


def test_no_list_of_the_admin_takes_columns_it_does_not_show(as_: Any, rf: Any) -> None:
    of_our_own = {"CaseAdmin", "DeadlineAdmin", "BatchAdmin"}  # they read no columns from the address
    open_ones = []
    for model, shown in admin.site._registry.items():
        filters: Any = shown.list_filter
        offered = {one if isinstance(one, str) else one[0] for one in filters if not isinstance(one, type)}
        columns = {field.name for field in model._meta.concrete_fields} - offered - {shown.date_hierarchy}
        if type(shown).__name__ not in of_our_own:
            asked = [f"{name}__startswith" for name in sorted(columns)]
            open_ones += [(model, one) for one in asked if shown.lookup_allowed(one, "a", rf.get("/"))]
    assert open_ones == []


@pytest.mark.parametrize("asked", ["state", "kind", "channel__exact", "programme", "waits", "q", "o", "p"])
def test_null_character_never_reaches_the_database(as_: Any, asked: str) -> None:
    """PostgreSQL would answer with an error."""
    given: list[Any] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        given.extend(params or ())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        answer = as_("clerk").get(f"{listed('publicity_objection')}?{asked}=%00")

    assert answer.status_code < 500
    assert [one for one in given if isinstance(one, str) and "\0" in one] == []


ELSEWHERE = (
    *("https://evil.example/", "//evil.example", "///evil.example", r"/\evil.example", r"\\evil.example"),
    *("javascript:alert(1)", "http:evil.example", "/\t/evil.example", "https://testserver@evil.example/"),
    *("https://testserver.evil.example/", "//evil.example%2f..", " https://evil.example"),
)


@pytest.mark.parametrize("door", ["/login/", "/logout/", "/large-type/"])
def test_nobody_is_sent_on_to_another_site(world: Any, as_: Any, client: Any, door: str) -> None:
    door = reverse({"/login/": "login", "/logout/": "logout", "/large-type/": "large_type"}[door])
    for target in ELSEWHERE:
        typed = {"username": "clerk", "password": "a-long-password-9", "next": target}
        answer = client.post(door, typed)
        assert answer.status_code == 302
        assert answer.headers["Location"] in ("/", "/admin/"), target
        client.logout()


def test_the_admins_login_carries_no_way_out(client: Any, db: Any) -> None:
    onward = client.get("/admin/login/", {"next": "https://evil.example/"}).headers["Location"]

    assert onward.startswith("/login/?next=")
    page = client.get(onward)
    assert 'value="https://evil.example' not in page.content.decode()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "GETS"])
def test_other_methods_change_nothing(world: Any, as_: Any, method: str) -> None:
    draft, case = world.things["draft"]["pk"], world.things["case"]["pk"]
    doors = [
        (as_("manager"), reverse("change", args=[draft])),
        (as_("manager"), reverse("case_withdraw", args=[case])),
        (as_("clerk"), reverse("admin:cases_case_change", args=[case])),
        (as_("access"), reverse("admin:accounts_user_add")),
    ]
    written: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        written.append(sql)
        return execute(sql, params, many, context)

    form = "application/x-www-form-urlencoded"
    with connection.execute_wrapper(note):
        for browser, url in doors:
            answer = browser.generic(method, url, "do=discard&reason=x&outcome=approve", form)
            assert answer.status_code < 500
    changes = [sql for sql in written if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in changes if "accounts_loginsession" not in sql] == []


def test_a_method_written_into_a_header_or_a_field_is_not_believed(world: Any, as_: Any) -> None:
    url = reverse("case_withdraw", args=[world.things["case"]["pk"]])

    answer = as_("manager").get(url, {"_method": "POST"}, headers={"X-HTTP-Method-Override": "POST"})

    assert answer.status_code == 405
