from accounts.models.compte import Rattachement, User, UserManager, normalize_email
from accounts.models.demande import DemandeCompte, DemandeLien
from accounts.models.franceconnect import AllerRetour, EssaiNumero, IdentiteFranceConnect
from accounts.models.signalement import AvisRattachement, Signalement

__all__ = [
    "AllerRetour",
    "AvisRattachement",
    "DemandeCompte",
    "DemandeLien",
    "EssaiNumero",
    "IdentiteFranceConnect",
    "Rattachement",
    "Signalement",
    "User",
    "UserManager",
    "normalize_email",
]
