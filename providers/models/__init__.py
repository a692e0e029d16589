from providers.models.catalogue import CatalogueItem, CatalogueVersion
from providers.models.edition import Erratum, ListEdition, Register
from providers.models.organisation import Organisation, OrganisationProfile
from providers.models.registration import Partnership, Registration, RegistrationEntry
from providers.models.spans import Dated

__all__ = [
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
]
