from accounts.models.grant import (
    CityPermission,
    Derived,
    DistrictPermission,
    Grant,
    GrantQuerySet,
    OrganisationPermission,
    ProgrammePermission,
)
from accounts.models.invitation import Handover, Invitation, InvitationQuerySet
from accounts.models.login import KeptForm, LoginSession, SecondFactor
from accounts.models.person import AddressChange, Suspension, User

__all__ = [
    "AddressChange",
    "CityPermission",
    "Derived",
    "DistrictPermission",
    "Grant",
    "GrantQuerySet",
    "Handover",
    "Invitation",
    "InvitationQuerySet",
    "KeptForm",
    "LoginSession",
    "OrganisationPermission",
    "ProgrammePermission",
    "SecondFactor",
    "Suspension",
    "User",
]
