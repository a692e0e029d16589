import pytest
from django.http import Http404

from records.pages import page_or_404


def test_each_page_up_to_the_last():
    assert [list(page_or_404(range(5), 2, asked)) for asked in ("1", "3")] == [[0, 1], [4]]
    assert list(page_or_404([], 2, "1")) == []


@pytest.mark.parametrize("asked", ["0", "4", "-1", "x", ""])
def test_a_page_that_there_is_not_says_how_many_there_are(asked):
    with pytest.raises(Http404, match=f"没有第“{asked}”页，一共 3 页"):
        page_or_404(range(5), 2, asked)
