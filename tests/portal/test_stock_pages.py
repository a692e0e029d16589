"""Django's own pages of the admin."""

import pytest


@pytest.mark.django_db
def test_stock_pages_speak_as_the_rest_of_the_site(client, auditor, registration, stopped_clock):
    client.force_login(auditor)
    page = client.get("/admin/publicity/objection/").content.decode()
    for said in ("<h1>异议</h1>", ">退出</button>", ">筛选</h2>"):
        assert said in page
    for raw in ("注销", "过滤器", "查看</h1>"):
        assert raw not in page
