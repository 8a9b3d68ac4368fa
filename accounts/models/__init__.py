from accounts.models.compte import Rattachement, User, UserManager, normalize_email

__all__ = ["Rattachement", "User", "UserManager", "normalize_email"]
