import pytest

from records.views import large_type


@pytest.fixture
def post(rf):
    return lambda **data: large_type(rf.post("/display/large/", data))


def test_large_type_on_keeps_a_cookie_for_this_browser(post):
    response = post(large="1", next="/lists/?page=2")
    assert (response.status_code, response.url) == (302, "/lists/?page=2")
    cookie = response.cookies["large"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("1", True, "Lax")


def test_large_type_off_removes_the_cookie(post):
    cookie = post(large="0", next="/").cookies["large"]
    assert (cookie.value, cookie["max-age"]) == ("", 0)


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "", "/\\elsewhere.example"],
)
def test_large_type_never_leaves_the_site(post, target):
    assert post(large="1", next=target).url == "/"


def test_large_type_by_get_changes_nothing(rf):
    assert large_type(rf.get("/display/large/", {"large": "1"})).status_code == 405
