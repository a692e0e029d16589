from accounts.admin.grants import GrantAdmin
from accounts.admin.invitations import InvitationAdmin
from accounts.admin.people import PersonAdmin

__all__ = ["GrantAdmin", "InvitationAdmin", "PersonAdmin"]
