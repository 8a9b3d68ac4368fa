"""What a wrong seal or a missing font would only show on the first document."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning, register
from django.utils import timezone

from documents import seal
from documents.contenus import CachetIndisponible
from documents.porte_cles import PREAVIS

POLICES = ("PublicSans-Regular.woff2", "PublicSans-Bold.woff2")


@register()
def cachet(app_configs: Any = None, **_reste: Any) -> list[CheckMessage]:
    """No key: nothing is issued, which is said. A key that cannot seal is an error."""
    if not settings.CACHET_CLE and not settings.CACHET_CERTIFICAT:
        return [Info("CACHET_CLE et CACHET_CERTIFICAT manquent : aucun document ne sera émis.", id="documents.I001")]
    try:
        seal.verifier()
    except CachetIndisponible as raison:
        return [Error(f"Le cachet électronique ne peut pas servir ({raison}).", id="documents.E001")]
    if settings.MESPOINTS_MARQUE_ETAT and seal.est_de_demonstration():
        return [Error("Un cachet de démonstration ne scelle pas de document de l'État.", id="documents.E002")]
    fin = seal.fin()
    if fin - timezone.now() < PREAVIS:
        return [Warning(f"Le certificat du cachet finit le {fin:%d/%m/%Y} : préparez le suivant.", id="documents.W001")]
    return []


@register()
def polices(app_configs: Any = None, **_reste: Any) -> list[CheckMessage]:
    """The only fonts that the documents may use."""
    dossier = Path(settings.BASE_DIR) / "static" / "fonts"
    manquent = [nom for nom in POLICES if not (dossier / nom).is_file()]
    return [Error(f"Polices des documents absentes : {', '.join(manquent)}.", id="documents.E003")] if manquent else []
