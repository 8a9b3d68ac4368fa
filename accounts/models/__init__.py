from accounts.models.compte import Rattachement, User, UserManager, normalize_email
from accounts.models.demande import DemandeCompte, DemandeLien
from accounts.models.signalement import AvisRattachement, Signalement

__all__ = [
    "AvisRattachement",
    "DemandeCompte",
    "DemandeLien",
    "Rattachement",
    "Signalement",
    "User",
    "UserManager",
    "normalize_email",
]
