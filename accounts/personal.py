"""What the portal holds about who has an account, and about who was invited to one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from accounts import access, addresses, checks, held, people, queries
from accounts.models import AddressChange, Grant, Invitation, KeptForm, LoginSession, SecondFactor, User
from cities.permissions import VIEW_RECORDS
from providers.models import Registration
from records import events
from records.models import Event
from records.personal import erasing, holdings, subjects
from records.personal.subjects import ERASED, Duty, Held, PersonalRefused

ACCOUNT, INVITED = "account", "invited"
INVITED_ERASED = "personal.erase_invited"


def register() -> None:
    holdings.declare("accounts.User", "username", "full_name", "email")
    holdings.declare("accounts.Invitation", "email")
    holdings.declare("accounts.AddressChange", "old_address")
    holdings.declare("accounts.LoginSession", "address", "device")
    subjects.register(Accounts())
    subjects.register(InvitedPeople())


def _audited(user: Any) -> Q:
    """Grants that an auditor may read about: in the cities and programmes whose records are open to him."""
    programmes = access.programmes_for(user, VIEW_RECORDS)
    cities = access.cities_for(user, VIEW_RECORDS)
    listed = Registration.objects.filter(programme__in=programmes).values("organisation")
    return (
        Q(programme__in=programmes)
        | Q(city__in=cities)
        | Q(district__city__in=cities)
        | Q(organisation__in=listed)
    )


def _people(user: Any) -> models.QuerySet[User]:
    read = Q(pk__in=Grant.objects.filter(_audited(user)).values("user"))
    governed = Q(pk__in=queries.governed_people(user).values("pk"))
    return User.objects.filter(governed | read).exclude(full_name=ERASED)


def _may_read(user: Any) -> bool:
    return checks.administers_access(user) or access.somewhere(user, VIEW_RECORDS)


class Accounts(subjects.Subjects):
    key, title, asked = ACCOUNT, "账号", "登录名"
    erases = "登录名、姓名和邮箱去掉，账号停用，登录和两步登录删去，办理记录和信件里的姓名去掉。办过什么、什么时候办的，留着"

    def is_open_to(self, user: Any) -> bool:
        return _may_read(user)

    def look_up(self, user: Any, text: str) -> User | None:
        return _people(user).filter(username__iexact=text).first()

    def get(self, user: Any, key: str) -> User | None:
        return _people(user).filter(pk=key).first() if key.isdecimal() else None

    def own(self, user: Any) -> User:
        return user

    def may_change(self, user: Any, subject: User, at: datetime) -> bool:
        governed = queries.governed_people(user).filter(pk=subject.pk)
        return governed.exists() and checks.may_alter_person(user, subject, at)

    def fields(self, subject: User) -> dict[str, forms.Field]:
        return {
            "full_name": forms.CharField(
                label="姓名",
                max_length=60,
                initial=subject.full_name,
                error_messages={"required": "写明姓名，不能留空"},
            ),
            "email": forms.EmailField(
                label="邮箱",
                initial=subject.email,
                help_text=addresses.hint(),
                error_messages={"required": "写明邮箱，不能留空", "invalid": "邮箱写得不对，核对后重填"},
            ),
        }

    def held(self, subject: User, reader: Any) -> list[Held]:
        return held.held(subject, reader)

    def duties(self, subject: User, at: datetime) -> list[Duty]:
        active = Grant.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), user=subject, closed_at=None)
        found = [Duty(f"还有 {count} 项有效授权，先收回")] if (count := active.count()) else []
        # What somebody decided or handled is in the archive under his name.
        about = Q(case__isnull=False) | Q(programme__isnull=False) | Q(city__isnull=False)
        last = Event.objects.filter(about, actor=subject).aggregate(models.Max("at"))["at__max"]
        if last and (until := erasing.kept_until(last)) >= erasing.day_of(at):
            found.append(Duty("办过的事项归档，经手人的姓名是档案的一部分", until))
        return found

    @transaction.atomic
    def correct(self, subject: User, values: Mapping[str, str], *, by: Any, at: datetime) -> list[str]:
        changed = [name for name, value in values.items() if getattr(subject, name) != value]
        if "email" in changed and (said := people.taken(values["email"], by, but=subject)):
            raise PersonalRefused(f"{said}不是同一人的，换一个邮箱；是同一人的，在“人员”里改。")
        if changed:
            for name in changed:
                setattr(subject, name, values[name])
            people.alter(subject, changed, at=at, by=by)
        return changed

    @transaction.atomic
    def erase(self, subject: User, *, reason: str, by: Any, at: datetime) -> None:
        user = User.objects.select_for_update().get(pk=subject.pk)
        subjects.refuse_duties(self.duties(user, at))
        subjects.refuse_naming(reason, user.full_name, user.username, user.email)
        names, invitations = (user.full_name, user.username), Invitation.objects.filter(accepted_by=user)
        erasing.forget_in_letters(held.letters_of(user), *names)
        erasing.forget_names(User, [user.pk])
        erasing.forget_names(Grant, list(Grant.objects.filter(user=user).values_list("pk", flat=True)))
        erasing.forget_names(Invitation, list(invitations.values_list("pk", flat=True)))
        for row in invitations:
            erasing.overwrite(row, email=ERASED)
        for theirs in (AddressChange, LoginSession, SecondFactor, KeptForm):
            theirs.objects.filter(user=user).delete()
        user.set_unusable_password()
        erasing.overwrite(
            user,
            username=f"erased-{user.pk}",
            full_name=ERASED,
            email="",
            is_active=False,
            password=user.password,
        )
        events.erase_name(user, at=at, by=by, reason=reason)


@dataclass(frozen=True)
class Invited:
    """Somebody known by an address alone: he was asked to act for a unit and has not accepted."""

    pk: UUID
    email: str
    offers: list[Invitation]

    def __str__(self) -> str:
        return self.email


def _open_offers() -> models.QuerySet[Invitation]:
    rows = Invitation.objects.filter(accepted_at=None).exclude(email=ERASED)
    return rows.select_related("organisation").order_by("created_at", "pk")


def _invited(offers: models.QuerySet[Invitation]) -> Invited | None:
    found = list(offers)
    return Invited(found[0].pk, found[0].email, found) if found else None


class InvitedPeople(subjects.Subjects):
    key, title, asked = INVITED, "被邀请的联系人", "邮箱"
    erases = "邀请里的邮箱换成“已删除”。邀请过谁的单位、由谁邀请、什么时候，留着"

    def is_open_to(self, user: Any) -> bool:
        return _may_read(user)

    def own(self, user: Any) -> "Invited | None":
        """By the address of the account; what he accepted stands with the account."""
        return _invited(_open_offers().filter(email__iexact=user.email)) if user.email else None

    def _offers(self, user: Any) -> models.QuerySet[Invitation]:
        governed = Q(programme__city__in=queries.governed_cities(user))
        read = Q(programme__in=access.programmes_for(user, VIEW_RECORDS))
        listed = Registration.objects.filter(governed | read).values("organisation")
        return _open_offers().filter(organisation__in=listed)

    def look_up(self, user: Any, text: str) -> Invited | None:
        return _invited(self._offers(user).filter(email__iexact=text))

    def get(self, user: Any, key: str) -> Invited | None:
        try:
            found = self._offers(user).filter(pk=key).first()
        except (ValueError, ValidationError):
            return None
        return self.look_up(user, found.email) if found else None

    def may_change(self, user: Any, subject: Invited, at: datetime) -> bool:
        cities = queries.governed_cities(user)
        listed = Registration.objects.filter(programme__city__in=cities).values_list(
            "organisation", flat=True
        )
        return {offer.organisation_id for offer in subject.offers} <= set(listed)

    def held(self, subject: Invited, reader: Any) -> list[Held]:
        return [Held(f"邀请 {offer.organisation}", "邮箱", offer.email) for offer in subject.offers]

    def duties(self, subject: Invited, at: datetime) -> list[Duty]:
        pending = [one for one in subject.offers if one.revoked_at is None and one.expires_at > at]
        return [Duty(f"还有 {len(pending)} 个邀请有效，先收回或等它到期")] if pending else []

    @transaction.atomic
    def erase(self, subject: Invited, *, reason: str, by: Any, at: datetime) -> None:
        subjects.refuse_duties(self.duties(subject, at))
        subjects.refuse_naming(reason, subject.email)
        erasing.forget_names(Invitation, [offer.pk for offer in subject.offers])
        for offer in subject.offers:
            erasing.overwrite(offer, email=ERASED)
        data = {"invitations": [str(offer.pk) for offer in subject.offers], "reason": reason}
        said = f"删除 {len(subject.offers)} 个邀请里的邮箱：{reason}"
        events.record(INVITED_ERASED, said, at=at, by=by, data=data)
