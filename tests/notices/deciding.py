"""`python -m tests.notices.deciding COUNT`: decide on documents until there are so many, each in a transaction of its own."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from django.db import transaction

    from notices import issuing
    from notices.models import Notice, NoticeTemplate
    from notices.wording import Words
    from records import clock

    template = NoticeTemplate.objects.select_related("programme__city").get(
        kind="change", standing="in_force"
    )
    for _ in range(int(sys.argv[1]) - Notice.objects.count()):
        with transaction.atomic():
            issuing.issue(template, Words("关于试验的公告", "", "正文。"), by=None, at=clock.now())
            sys.stderr.write("taken\n")  # its number is, and not yet for good
        sys.stderr.write("decided\n")
