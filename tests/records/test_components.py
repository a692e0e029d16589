"""The components of portal.css, rendered from plain values and read back as a person or a screen reader would."""

import re
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import Context, Template
from django.urls import path

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 17, 10, 32, tzinfo=SHANGHAI)

urlpatterns = [
    path("", lambda request: HttpResponse(), name="home"),
    path("lists/", lambda request: HttpResponse(), name="lists"),
]


def render(source, **context):
    html = Template("{% load words %}" + source).render(Context({"now": NOW} | context))
    return re.sub(r">\s+<", "><", html).strip()


def text(html):
    return re.sub(r"<[^>]+>", " ", html).split()


def day(iso, ordinal=None, *, mark="", name="", note=""):
    return {"date": iso, "ordinal": ordinal, "mark": mark, "name": name, "note": note}


FIVE_DAYS = [day("2026-09-15", note="起算当日"), *(day(f"2026-09-{15 + n}", n) for n in range(1, 6))]


def deadline(**changes):
    facts = {
        "state": "running",
        "certainty": "official",
        "opens_on": date(2026, 9, 16),
        "closes_at": datetime(2026, 9, 21, tzinfo=SHANGHAI),
        "done_at": None,
        "number": 5,
        "unit": "calendar",
        "counted": FIVE_DAYS,
    }
    return SimpleNamespace(**facts | changes)


def due(**changes):
    html = render("{% due deadline %}", deadline=deadline(**changes))
    css = re.match(r'<span class="due ?([^"]*)"', html)[1]
    bar = re.search(r'value="(\d+)" aria-label="([^"]+)"', html)
    return css, re.search(r"<b>(.*)</b>", html)[1], bar and bar.groups()


def test_due_running_says_both_days_and_what_is_left():
    assert text(render("{% due deadline %}", deadline=deadline())) == [
        "9月16日",
        "至",
        "9月20日",
        "24:00",
        "还有",
        "3",
        "天",
    ]
    assert due() == ("", "还有 3 天", ("2", "共 5 天，第 2 天"))


def test_due_running_before_its_first_day():
    assert due(opens_on=date(2026, 9, 18), counted=[day("2026-09-18", 1)])[2] == ("0", "共 1 天，未开始")


def test_due_on_last_day():
    assert due(closes_at=datetime(2026, 9, 18, tzinfo=SHANGHAI))[:2] == ("is-today", "今天")


def test_due_over_is_over_whatever_its_state_row_says():
    over = {"closes_at": datetime(2026, 9, 16, tzinfo=SHANGHAI), "unit": "working"}
    assert due(**over) == ("is-over", "逾期 2 天", ("5", "5 个工作日已满"))
    assert due(**over, state="missed") == due(**over)


def test_end_that_is_awaited_is_no_lateness_of_anybody():
    closes_at = datetime(2026, 9, 17, 10, 32, tzinfo=SHANGHAI)
    assert due(closes_at=closes_at, is_awaited=True) == ("", "已期满", ("5", "5 天已满"))
    assert due(closes_at=closes_at)[:2] == ("is-over", "今天已过")
    later = closes_at + timedelta(seconds=1)
    assert (
        due(closes_at=later, is_awaited=True)
        == due(closes_at=later)
        == ("is-today", "今天", ("2", "共 5 天，第 2 天"))
    )


def test_due_met_names_the_day_it_was_done():
    done = datetime(2026, 9, 16, 9, tzinfo=SHANGHAI)
    assert due(state="met", done_at=done) == ("is-met", "9月16日 办结", ("1", "共 5 天，第 1 天"))


def test_due_done_too_late_stays_over():
    done = datetime(2026, 9, 22, 9, tzinfo=SHANGHAI)
    assert due(state="missed", done_at=done)[:2] == ("is-over", "9月22日 办结")


@pytest.mark.parametrize(
    ("changes", "face"),
    [
        ({"state": "held"}, ("is-held", "暂停", None)),
        ({"state": "void"}, ("is-held", "不再计时", None)),
        ({"certainty": "provisional"}, ("is-tentative", "暂定", ("2", "共 5 天，第 2 天"))),
        ({"certainty": "missing", "closes_at": None, "counted": []}, ("is-tentative", "日期未定", None)),
        ({"counted": []}, ("", "还有 3 天", None)),
    ],
)
def test_due_in_its_other_states(changes, face):
    assert due(**changes) == face


def test_due_without_moment_in_context_asks_the_clock():
    with time_machine.travel(NOW, tick=False):
        html = Template("{% load words %}{% due deadline %}").render(Context({"deadline": deadline()}))
    assert "还有 3 天" in html


def strip(days, *arguments, **context):
    html = render(f"{{% day_strip days {' '.join(arguments)} %}}", days=days, **context)
    return re.findall(r'<li(?: class="([^"]*)")?[^>]*>.*?<b>(.*?)</b>(?:<small>(.*?)</small>)?</li>', html)


def test_day_strip_counts_days_and_closes_the_last():
    assert strip(FIVE_DAYS, "today", '"calendar"', "end", today=NOW.date(), end=deadline().closes_at) == [
        ("is-out", "不计", "起算当日"),
        ("", "第 1 天", ""),
        ("is-today", "第 2 天", ""),
        ("", "第 3 天", ""),
        ("", "第 4 天", ""),
        ("is-last", "第 5 天", "24:00 截止"),
    ]


def test_day_strip_shows_why_the_end_moved():
    days = [
        day("2026-09-25", 5, mark="节", name="中秋节", note="中秋节，照计"),
        day("2026-09-26", mark="节", name="中秋节", note="顺延"),
        day("2026-09-28", note="顺延至此"),
    ]
    assert strip(days, "None", '"calendar"', "end", end=datetime(2026, 9, 28, 17, tzinfo=SHANGHAI)) == [
        ("", "第 5 天", "中秋节，照计"),
        ("is-out", "顺延", "中秋节"),
        ("is-last", "截止", "顺延至此，17:00 截止"),
    ]


def test_day_strip_of_working_days_says_so_and_names_its_marks():
    days = [
        day("2026-09-19", mark="休", note="休息日"),
        day("2026-09-20", 1, mark="班", note="调休上班") | {"last": True},
    ]
    html = render('{% day_strip days None "working" %}', days=days)
    assert "第 1 个" in html
    assert '<i class="mk" aria-hidden="true">班</i><span class="vh">，调休上班</span>' in html
    assert "调休上班，24:00 截止" in html


def test_deadline_days_marks_today_for_screen_readers():
    html = render("{% deadline_days deadline %}", deadline=deadline())
    assert re.findall(r'aria-current="date"><time datetime="([^"]+)"', html) == ["2026-09-17"]


def finding(state, title="查验", **facts):
    return {
        "state": state,
        "title": title,
        "message": "",
        "article": "",
        "evidence": [],
        "advice": "",
    } | facts


def test_checks_come_worst_first_and_say_their_verdict():
    states = ["pass", "na", "hand", "fail", "ask"]
    html = render("{% checks findings %}", findings=[finding(state, state) for state in states])
    assert re.findall(r"<b>(\w+)</b>(?:<span class=\"vh\">)?：(\w+)", html) == [
        ("fail", "不符合"),
        ("ask", "需说明"),
        ("hand", "由人核对"),
        ("pass", "符合"),
        ("na", "不适用"),
    ]


def test_checks_of_one_verdict_keep_their_order():
    html = render(
        "{% checks findings %}",
        findings=[finding("pass", "甲"), finding("fail", "乙"), finding("pass", "丙")],
    )
    assert re.findall(r"<b>(.)</b>", html) == ["乙", "甲", "丙"]


def test_checks_show_article_evidence_and_advice_escaped():
    row = SimpleNamespace(
        **finding(
            "fail",
            "<b>",
            message="已 2 家",
            article="第十六条",
            evidence=["甲", "乙"],
            advice="换一家或换一个行业",
        ),
        article_url="/rules/x/#16",
    )
    html = render("{% checks findings %}", findings=[row])
    assert "<b>&lt;b&gt;</b>" in html
    assert '<a class="cite" href="/rules/x/#16">第十六条</a>' in html
    assert text(html)[-4:] == ["2", "家", "甲", "乙", "换一家或换一个行业"][-4:]


def test_tally_counts_worst_first():
    assert render("{{ rows|tally }}", rows=[finding("pass"), finding("ask"), finding("pass")]) == (
        "3 项：1 项需说明，2 项符合"
    )
    assert render("{{ rows|tally }}", rows=[]) == ""


def test_cite_without_address_is_no_link_and_without_article_nothing():
    assert render('{% cite "第十五条" %}') == '<span class="cite">第十五条</span>'
    assert render('{% cite "" "/rules/" %}') == ""


@pytest.mark.parametrize(
    ("used", "total", "drawn"), [(1, 2, [True, False]), (3, 2, [True, True]), (0, 1, [False]), (1, 100, [])]
)
def test_pips(used, total, drawn):
    html = render("{% pips used total %}", used=used, total=total)
    assert ['class="on"' in pip for pip in re.findall(r"<i[^>]*>", html)] == drawn


def pages(number, querystring, count=400):
    page = Paginator(range(count), 10).page(number)
    return render("{% pages page querystring %}", page=page, querystring=querystring)


def test_pages_keep_other_parameters_and_replace_the_page():
    html = pages(2, "q=%E7%A4%BA%E4%BE%8B&page=2")
    assert '<a href="?q=%E7%A4%BA%E4%BE%8B&amp;page=1" rel="prev">上一页</a>' in html
    assert '<a href="?q=%E7%A4%BA%E4%BE%8B&amp;page=3" rel="next">下一页</a>' in html


def test_pages_in_the_middle_elide_both_sides():
    assert [word for word in text(pages(20, "")) if word.isdigit() or word == "…"] == [
        "1",
        "…",
        "18",
        "19",
        "20",
        "21",
        "22",
        "…",
        "40",
    ]


def test_pages_of_a_single_page_are_not_shown():
    assert pages(1, "", count=10) == ""


def test_pages_take_the_querystring_of_the_request(rf):
    page = Paginator(range(20), 10).page(1)
    html = render("{% pages page %}", page=page, request=rf.get("/lists/", {"on": "2026-09-17"}))
    assert "?on=2026-09-17&amp;page=2" in html


def test_stages_mark_the_current_step_and_say_each_state():
    html = render(
        "{% stages rows %}",
        rows=[
            {"label": "提交", "note": "9月2日\n您已提交", "state": "done"},
            {"label": "专班核对", "note": None, "state": "held"},
            {"label": "公示", "note": "<5 天>", "state": ""},
        ],
    )
    assert html == (
        '<ol class="stages"><li class="is-done"><b>提交<span class="vh">：已完成</span></b>9月2日<br>您已提交</li>'
        '<li class="is-held" aria-current="step"><b>专班核对<span class="vh">：已暂停</span></b></li>'
        "<li><b>公示</b>&lt;5 天&gt;</li></ol>"
    )


def test_timeline_tells_who_did_what_under_which_article():
    event = SimpleNamespace(
        at=NOW, actor_name="范例数字科技有限公司", summary="提交", article="第十五条（一）"
    )
    with time_machine.travel(NOW, tick=False):
        html = render("{% timeline events %}", events=[event])
    assert text(html) == ["9月17日", "10:32", "范例数字科技有限公司", "提交", "第十五条（一）"]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "name", "current"),
    [
        ("/lists/", "lists", ' aria-current="page"'),
        ("/lists/dongguan/", "lists", ' aria-current="true"'),
        ("/publicity/", "lists", ""),
        ("/lists/", "home", ""),
        ("/", "home", ' aria-current="page"'),
    ],
)
def test_nav_link_knows_where_the_reader_is(rf, address, name, current):
    html = render(f'{{% nav_link "{name}" "名单" %}}', request=rf.get(address))
    assert re.search(r'href="[^"]*"(.*?)>名单', html)[1] == current


@pytest.mark.urls(__name__)
def test_nav_link_under_which_others_of_its_navigation_lie_is_current_alone(rf):
    link = '{% nav_link "lists" "名单" alone=True %}'
    shown = [render(link, request=rf.get(address)) for address in ("/lists/", "/lists/dongguan/")]
    assert ["aria-current" in html for html in shown] == [True, False]


def test_portal_name_is_the_setting_even_where_django_calls_the_host_site_name(settings):
    settings.PORTAL_SITE_NAME = "示例平台"
    assert render("{% portal_name %}", site_name="127.0.0.1:8000") == "示例平台"
