from notices.admin import documents, wordings

__all__ = ["documents", "wordings"]
