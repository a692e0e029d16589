from notices.admin import documents, issuers, wordings

__all__ = ["documents", "issuers", "wordings"]
