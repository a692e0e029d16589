from providers.models.bar import Bar, Removal
from providers.models.catalogue import CatalogueItem, CatalogueVersion
from providers.models.edition import Erratum, ListEdition, Register
from providers.models.organisation import Organisation, OrganisationProfile
from providers.models.registration import Partnership, Registration, RegistrationEntry
from providers.models.spans import Dated
from providers.models.succession import Succession
from providers.models.termination import Termination

__all__ = [
    "Bar",
    "CatalogueItem",
    "CatalogueVersion",
    "Dated",
    "Erratum",
    "ListEdition",
    "Organisation",
    "OrganisationProfile",
    "Partnership",
    "Register",
    "Registration",
    "RegistrationEntry",
    "Removal",
    "Succession",
    "Termination",
]
