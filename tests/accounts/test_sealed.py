"""What is sealed names nobody: whatever is done to an account, its event has its number and no name, login name or address."""

import json

from django.test import Client

from accounts import grants, handovers, invitations, people, roles
from accounts.models import Grant
from records.models import Event
from tests.accounts.conftest import PASSWORD

NAMES = ("liming", "李明", "wangfang", "王芳")


def test_no_event_about_an_account_holds_a_name(
    client, administrator, manager, organisation, registration, programme, at, mailoutbox
):
    user = people.create("liming", "李明", "liming@example.com", PASSWORD, at=at, by=administrator)
    other = people.create("wangfang", "王芳", "wangfang@example.com", PASSWORD, at=at, by=administrator)
    facts = {"at": at, "by": administrator, "reason": "岗位调整"}
    held = grants.grant(user, roles.CLERK, programme, **facts)
    people.declare_one(user, other, **facts)
    people.declare_apart(other, **facts)
    user.full_name, user.email = "李明明", "liming2@example.com"
    people.alter(user, ["full_name", "email"], at=at, by=administrator)
    for secret in ("wrong", PASSWORD):
        Client().post("/login/", {"username": "liming", "password": secret})
    grants.withdraw(held, **facts)
    user.is_active = False
    people.alter(user, ["is_active"], **facts)
    grants.grant(other, roles.PROVIDER_MEMBER, organisation, **facts)
    old = Grant.objects.get(user=manager)
    handovers.to_member(old, other, stays=False, by=manager, at=at, reason="岗位调整")
    offer, _ = invitations.invite(
        organisation, "wangfang@example.org", roles.PROVIDER_MEMBER, by=other, at=at, base_url="http://t"
    )
    invitations.revoke(offer, at=at, by=other)
    client.force_login(administrator)
    client.get("/admin/standing/", {"q": "liming", "day": "2026-09-17"})
    client.get(f"/admin/personal/account/{user.pk}/export.json")
    client.force_login(other)
    client.get("/my/data/export.json")

    told = [
        (one.verb, json.dumps([one.summary, one.data], ensure_ascii=False)) for one in Event.objects.all()
    ]

    done = {verb for verb, _ in told}
    assert {"grant", "accounts_declared_one", "accounts_declared_apart", "person_altered"} <= done
    assert {"login_failed", "grant_withdrawn", "personal.export", "standing_asked"} <= done
    assert [one for one in told if any(name in one[1] for name in NAMES)] == []
