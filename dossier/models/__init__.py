"""What the national file tells us, and the ledger computed from it."""

from dossier.models.dossier import Dossier, VersionDossier
from dossier.models.fait import Fait
from dossier.models.mouvement import Mouvement

__all__ = ["Dossier", "Fait", "Mouvement", "VersionDossier"]
