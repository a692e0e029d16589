from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.accounts.login.conftest import first_step, is_in


def printed(*words):
    out = StringIO()
    call_command("demo_code", *words, stdout=out)
    return out.getvalue()


def test_demo_code_lets_in(client, clerk, with_phone):
    with_phone(clerk)
    told = printed("clerk")
    assert told == printed()
    name, code = told.split("（")[0].split()
    assert name == "clerk"
    first_step(client, clerk)
    client.post("/login/second/", {"code": code})
    assert is_in(client)


@pytest.mark.parametrize(
    ("words", "why"), [(["clerk"], "clerk 没有开启两步登录"), ([], "没有账号开启两步登录")]
)
def test_demo_code_of_who_has_none_says_so(words, why, clerk):
    with pytest.raises(CommandError, match=why):
        printed(*words)


def test_demo_code_is_refused_on_a_citys_site(clerk, with_phone, settings):
    with_phone(clerk)
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="正式站点不能用"):
        printed("clerk")
