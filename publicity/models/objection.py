import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from cities import keys
from providers.models import ListEdition
from publicity.models.period import PublicityItem
from records.models import Kept, StoredFile


def new_key() -> str:
    """128 bits, safe in an address."""
    return secrets.token_urlsafe(16)


class Objection(Kept):
    """What somebody holds against one case in publicity. Who it was stays with the desk that settles it.

    `state` is written by `publicity.steps.handling` alone.
    """

    class Person(models.TextChoices):
        INDIVIDUAL = "individual", "个人"
        ORGANISATION = "organisation", "单位"

    class Channel(models.TextChoices):
        ONLINE = "online", "网上"
        PAPER = "paper", "书面"

    class State(models.TextChoices):
        RECEIVED = "received", "已收到"
        ACCEPTED = "accepted", "已受理"
        INVESTIGATED = "investigated", "正在核实"
        NOT_ACCEPTED = "not_accepted", "不予受理"
        DISMISSED = "dismissed", "不成立"
        UPHELD_IN_PART = "upheld_in_part", "部分成立"
        UPHELD = "upheld", "成立"

    class Refusal(models.TextChoices):
        """Why one is not taken up."""

        ANONYMOUS = "anonymous", "匿名，或者按所留方式联系不上提出人"
        OUTSIDE = "outside", "不在公示期内提出"
        NO_FACTS = "no_facts", "没有具体的事实和理由"
        NOT_THIS = "not_this", "与公示的内容无关"
        REPEATED = "repeated", "已有结论，没有新的事实"

    class Told(models.TextChoices):
        LETTER = "letter", "书面送达"
        PHONE = "phone", "电话"
        IN_PERSON = "in_person", "当面"
        EMAIL = "email", "电子邮件"

    # While one of these, its case does not go on.
    OPEN: ClassVar = (State.RECEIVED, State.ACCEPTED, State.INVESTIGATED)
    SUSTAINED: ClassVar = (State.UPHELD, State.UPHELD_IN_PART)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    receipt = models.CharField("回执编号", max_length=30, unique=True)
    # Its receipt's address, and what the look-up code is made from: kept with it, so that neither a new secret of the site nor
    # another machine ends what people hold on paper.
    receipt_key = models.CharField(max_length=32, unique=True, editable=False, default=new_key)
    # The form it came with: sent twice, it is one objection.
    form_key = models.CharField(max_length=32, unique=True, null=True, editable=False)  # noqa: DJ001 -- many have none
    kind = models.CharField(
        "种类", max_length=12, choices=list(keys.OBJECTION_KINDS.items()), default="objection"
    )
    item = models.ForeignKey(
        PublicityItem, models.PROTECT, related_name="objections", verbose_name="公示内容"
    )
    edition = models.ForeignKey(
        ListEdition, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发布后收到，针对"
    )
    person = models.CharField("身份", max_length=15, choices=Person)
    name = models.CharField("姓名或单位全称", max_length=120)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    employer = models.CharField("工作单位", max_length=120, blank=True)
    contact_person = models.CharField("联系人", max_length=60, blank=True)
    contact = models.CharField("联系方式", max_length=120)
    address = models.CharField("通讯地址", max_length=200, blank=True)
    matter = models.TextField("事实与理由")
    channel = models.CharField("方式", max_length=10, choices=Channel)
    received_on = models.DateField("收到日期")
    entered_at = models.DateTimeField("登记时间")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="登记人",
    )
    state = models.CharField("状态", max_length=15, choices=State, default=State.RECEIVED)
    refusal = models.CharField("不予受理的原因", max_length=12, choices=Refusal, blank=True)
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="处理人",
    )
    conclusion = models.TextField("处理意见", blank=True)
    told_on = models.DateField("告知日期", null=True, blank=True)
    told_how = models.CharField("告知方式", max_length=10, choices=Told, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "异议"
        ordering = ["entered_at"]

    def __str__(self) -> str:
        return self.receipt

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def asks_for_correction(self) -> bool:
        """Sustained after its list was published: the list stands until it is corrected."""
        return self.edition_id is not None and self.state in self.SUSTAINED


class ObjectionFile(models.Model):
    """A paper that came with an objection. A copy of an identity card is a kind of its own, so that nothing shows it along
    with the evidence."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence", "证明材料"
        STATEMENT = "statement", "加盖公章的书面材料"
        ID_COPY = "id_copy", "身份证件扫描件"

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="files", verbose_name="异议")
    kind = models.CharField("种类", max_length=10, choices=Kind)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        verbose_name = verbose_name_plural = "异议材料"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.objection} {self.get_kind_display()}"


class ObjectionAct(models.Model):
    """One thing done with an objection, with its words. They are for the desk: the case's events, which the party complained
    of may read, say only that it was done."""

    class Done(models.TextChoices):
        LODGED = "lodged", "收到"
        ACCEPTED = "accepted", "受理"
        NOT_ACCEPTED = "not_accepted", "不予受理"
        NOTED = "noted", "核实记录"
        CONCLUDED = "concluded", "结论"
        TOLD = "told", "告知提出人"

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="acts", verbose_name="异议")
    done = models.CharField("做了什么", max_length=12, choices=Done)
    words = models.TextField("内容", blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办理人",
    )

    class Meta:
        verbose_name = verbose_name_plural = "异议办理记录"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.objection} {self.get_done_display()}"
