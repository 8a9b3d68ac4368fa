"""What the national file tells us, the ledger computed from it, and the runs of the job that keeps it up to date."""

from dossier.models.decision import Decision
from dossier.models.deux_agents import DeuxAgents
from dossier.models.dossier import Dossier, VersionDossier
from dossier.models.fait import Fait
from dossier.models.importation import Importation
from dossier.models.journal import Journal
from dossier.models.lettre import Lettre
from dossier.models.mouvement import Mouvement
from dossier.models.passage import Incident, Passage, PassageLot
from dossier.models.verification_du_livre import VerificationDuLivre

__all__ = [
    "Decision",
    "DeuxAgents",
    "Dossier",
    "Fait",
    "Importation",
    "Incident",
    "Journal",
    "Lettre",
    "Mouvement",
    "Passage",
    "PassageLot",
    "VerificationDuLivre",
    "VersionDossier",
]
