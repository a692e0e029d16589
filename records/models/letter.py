from django.conf import settings
from django.db import models


class Letter(models.Model):
    """What the site writes to somebody: by the act that it tells of, in the same transaction, and never changed.

    `key` is what makes it one letter, however often the act or the reminder comes by. By e-mail go the body and the address of
    `path`; the inbox shows the same. Of a kind that is sealed when it is sent (`records.letters.register_seal`) neither the
    address nor the link is in the row: `about` is the key of the row that they are found by.
    """

    class Audience(models.TextChoices):
        """To whom, and so who may read it besides."""

        UNIT = "unit", "单位"
        OBJECTOR = "objector", "提出异议的人"
        STAFF = "staff", "工作人员"
        ACCOUNT = "account", "账号本人"

    key = models.CharField("唯一标识", max_length=120, unique=True)
    audience = models.CharField("写给谁", max_length=10, choices=Audience, default=Audience.UNIT)
    kind = models.SlugField("种类", max_length=40)
    about = models.CharField("针对", max_length=60, blank=True)
    programme = models.ForeignKey(
        "cities.Programme",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name="项目",
    )
    organisation = models.ForeignKey(
        "providers.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name="单位",
    )
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="letters", verbose_name="事项"
    )
    subject = models.CharField("标题", max_length=200)
    body = models.TextField("正文")
    article = models.CharField("依据", max_length=80, blank=True)
    path = models.CharField("到哪里办", max_length=300, blank=True)
    action = models.CharField("下一步", max_length=40, blank=True)
    base_url = models.CharField("写信时平台的网址", max_length=200, blank=True)
    written_at = models.DateTimeField("写信时间")

    class Meta:
        verbose_name = verbose_name_plural = "信件"
        ordering = ["-written_at", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "-written_at"]),
            models.Index(fields=["programme", "-written_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_to_a_unit_names_it",
                condition=~models.Q(audience="unit")
                | models.Q(organisation__isnull=False, programme__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class LetterDelivery(models.Model):
    """A letter to one person: whether it has gone out by e-mail, and whether it was opened in the inbox. Each goes in a mail of
    its own, to the address the person has then; no address is kept here. Who has no account is no `person`."""

    class State(models.TextChoices):
        WAITING = "waiting", "等着寄"
        SENT = "sent", "已寄出"
        FAILED = "failed", "没有寄到"
        WITHHELD = "withheld", "没有寄：不在允许名单"
        NOT_NEEDED = "not_needed", "不用寄"

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="deliveries", verbose_name="信件")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name="收信人",
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
        return f"{self.person or self.letter.get_audience_display()}：{self.get_state_display()}"
