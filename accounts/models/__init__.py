from accounts.models.agent import Agent
from accounts.models.compte import Rattachement, User, UserManager, normalize_email
from accounts.models.courriel import Courriel
from accounts.models.demande import DemandeCompte, DemandeLien
from accounts.models.franceconnect import AllerRetour, EssaiNumero, IdentiteFranceConnect
from accounts.models.limite import Compteur
from accounts.models.proposition import PropositionLien
from accounts.models.signalement import AvisRattachement, MessageSignalement, Signalement

__all__ = [
    "Agent",
    "AllerRetour",
    "AvisRattachement",
    "Compteur",
    "DemandeCompte",
    "DemandeLien",
    "Courriel",
    "EssaiNumero",
    "IdentiteFranceConnect",
    "MessageSignalement",
    "PropositionLien",
    "Rattachement",
    "Signalement",
    "User",
    "UserManager",
    "normalize_email",
]
