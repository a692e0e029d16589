from django.conf import settings
from django.db import models


class Letter(models.Model):
    """What the office tells an organisation: written by the act that it tells of, in the same transaction, and never changed.

    `key` is what makes it one letter, however often the act or the reminder comes by. By e-mail go the body and the address of
    `path`; the inbox shows the same.
    """

    key = models.CharField("唯一标识", max_length=120, unique=True)
    kind = models.SlugField("种类", max_length=40)
    programme = models.ForeignKey(
        "cities.Programme", models.PROTECT, related_name="letters", verbose_name="项目"
    )
    organisation = models.ForeignKey(
        "providers.Organisation", models.PROTECT, related_name="letters", verbose_name="单位"
    )
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="letters", verbose_name="事项"
    )
    subject = models.CharField("标题", max_length=200)
    body = models.TextField("正文")
    article = models.CharField("依据", max_length=80, blank=True)
    path = models.CharField("到哪里办", max_length=300, blank=True)
    action = models.CharField("下一步", max_length=40, blank=True)
    written_at = models.DateTimeField("写信时间")

    class Meta:
        verbose_name = verbose_name_plural = "信件"
        ordering = ["-written_at", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "-written_at"]),
            models.Index(fields=["programme", "-written_at"]),
        ]

    def __str__(self) -> str:
        return self.subject


class LetterDelivery(models.Model):
    """A letter to one person: whether it has gone out by e-mail, and whether it was opened in the inbox. Each goes in a mail of
    its own, to the address the person has then; no address is kept here."""

    class State(models.TextChoices):
        WAITING = "waiting", "等着寄"
        SENT = "sent", "已寄出"
        FAILED = "failed", "没有寄到"
        WITHHELD = "withheld", "没有寄：不在允许名单"
        NOT_NEEDED = "not_needed", "不用寄"

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="deliveries", verbose_name="信件")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="letters", verbose_name="收信人"
    )
    state = models.CharField("邮件", max_length=12, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("试过几次", default=0)
    next_attempt_at = models.DateTimeField("下次寄出", null=True, blank=True)
    sent_at = models.DateTimeField("寄出时间", null=True, blank=True)
    last_error = models.CharField("为什么没有寄到", max_length=200, blank=True)
    read_at = models.DateTimeField("打开时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "寄给谁"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "person"], name="letter_once_to_each_person"),
            models.CheckConstraint(
                name="waiting_letter_knows_when",
                condition=~models.Q(state="waiting") | models.Q(next_attempt_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state="waiting"), name="letter_to_send"
            ),
            models.Index(fields=["person"], condition=models.Q(read_at__isnull=True), name="letter_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.person}：{self.get_state_display()}"
