"""The persons of a rehearsal, who come into being when they are first named, and its companies."""

from typing import Any

from stdnum.cn import uscc

from accounts import roles
from accounts.grants import grant
from accounts.models import User
from cities.models import District, Programme
from providers.models import Organisation

STRANGER, NOBODY = "外人", "无人"
# The other person of the same role: 审定人乙.
OTHER = "乙"
ROLES: dict[str, tuple[str, ...]] = {
    "经办人": (roles.CLERK,),
    "审定人": (roles.DECIDER,),
    "经办人兼审定人": (roles.CLERK, roles.DECIDER),
    "规则编辑": (roles.RULEBOOK_EDITOR,),
    "区市审核人": (roles.DISTRICT_REVIEWER,),
    STRANGER: (),
}


class People:
    def __init__(self, programme: Programme, since: Any) -> None:
        self.programme, self.since = programme, since
        self.known: dict[str, User] = {}

    def called(self, name: str) -> User:
        """Raises KeyError for a name that is no role's."""
        if name not in self.known:
            self.known[name] = self._create(name, ROLES[name.removesuffix(OTHER)])
        return self.known[name]

    def applicant(self, organisation: Organisation) -> User:
        name = f"{organisation.name}办事员"
        if name not in self.known:
            user = self.known[name] = self._create(name, ())
            grant(user, roles.PROVIDER_MANAGER, organisation, at=self.since, by=None, reason="演练")
        return self.known[name]

    def _create(self, name: str, held: tuple[str, ...]) -> User:
        username = f"rehearsal-{len(self.known) + 1}"
        user = User.objects.create_user(username, f"{username}@example.org", None, full_name=name)
        for role in held:
            for target in self._targets(role):
                grant(user, role, target, at=self.since, by=None, reason="演练")
        return user

    def _targets(self, role: str) -> list[Any]:
        if role == roles.DISTRICT_REVIEWER:
            return list(District.objects.filter(city=self.programme.city))
        return [self.programme]


class Companies:
    """Short names as a story uses them, each with a credit code of a division that does not exist."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}

    def code(self, name: str) -> str:
        if name not in self.codes:
            body = f"91990001MAR{len(self.codes) + 1:06d}"
            self.codes[name] = body + uscc.calc_check_digit(body)
        return self.codes[name]

    def short(self, code: str) -> str:
        return next((name for name, known in self.codes.items() if known == code), code)

    @staticmethod
    def full(name: str) -> str:
        return f"演练{name}有限公司"
