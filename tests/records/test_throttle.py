import pytest
from django.core.cache import cache
from django.test import RequestFactory

from records import throttle

ADDRESS = "203.0.113.9"


def test_count_goes_up_for_each_by_itself():
    tries = [throttle.count("object", ADDRESS, "one", seconds=60) for _ in range(3)]
    assert tries == [1, 2, 3]
    assert throttle.count("object", ADDRESS, "other", seconds=60) == 1
    assert throttle.count("receipt", ADDRESS, "one", seconds=60) == 1


def test_count_begins_again_when_its_time_is_over():
    throttle.count("object", ADDRESS, seconds=60)
    cache.clear()
    assert throttle.count("object", ADDRESS, seconds=60) == 1


def test_no_address_is_written_down(monkeypatch):
    kept = []
    monkeypatch.setattr(cache, "add", lambda key, value, timeout: kept.append((key, value)))
    monkeypatch.setattr(cache, "incr", lambda key: 1)
    throttle.count("object", ADDRESS, seconds=60)
    assert kept
    assert ADDRESS not in str(kept)


def test_a_cache_that_does_not_answer_lets_through(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert throttle.count("object", ADDRESS, seconds=60) == 1


@pytest.mark.parametrize(
    ("behind", "forwarded", "remote", "network"),
    [
        (False, "198.51.100.7", ADDRESS, ADDRESS),
        (True, "198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (True, "1.2.3.4, 198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (False, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (False, "", "", "unknown"),
    ],
)
def test_network_is_the_visitors_as_far_as_the_proxy_is_ours(settings, behind, forwarded, remote, network):
    settings.BEHIND_PROXY = behind
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, **headers)
    assert throttle.network_of(request) == network
