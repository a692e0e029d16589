"""What these tests share."""

import re

from cases import engine


def url(case):
    return f"/admin/cases/case/{case.pk}/change/"


def seen(client, user, case):
    client.force_login(user)
    return client.get(url(case)).content.decode()


def act(client, user, case, action, guard=None, **typed):
    """What the browser sends: the form of the page as it was when it was opened."""
    client.force_login(user)
    case = engine.load(case.pk)
    stamp = guard or {"stage": str(case.stage_id), "since": case.stage_since.isoformat()}
    return client.post(url(case), {"action": action, **stamp, **typed})


def buttons(page):
    return re.findall(r'name="action" value="(\w+)"', page)


def summary(response):
    page = response.content.decode()
    box = page[page.index('class="error-summary"') :]
    return [
        re.sub(r"<[^>]+>", "", row)
        for row in re.findall(r"<li>(.*?)</li>", box[: box.index("</ul>")], re.DOTALL)
    ]
