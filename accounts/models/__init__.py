from accounts.models.agent import Agent
from accounts.models.compte import Rattachement, User, UserManager, normalize_email
from accounts.models.envoi import Envoi
from accounts.models.limite import Compteur

__all__ = ["Agent", "Compteur", "Envoi", "Rattachement", "User", "UserManager", "normalize_email"]
