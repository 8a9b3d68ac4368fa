"""What a wrong seal, a missing font or a wrong key of the codes would only show on the first document.

Asked by ``check --deploy``, and by what issues when it starts (``mespoints.wsgi``), which says it and goes on. Never by
another command: the day on which a certificate is over, the feed is loaded, the ledger verified, an ADCS withdrawn.
"""

from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning, register
from django.utils import timezone

from documents.code import porte_cles
from documents.code.cles import CleRefusee
from documents.code.porte_cles import PREAVIS
from documents.contenus import CachetIndisponible
from documents.pdf import cachet as sceau

TAG = "documents"
POLICES = ("PublicSans-Regular.woff2", "PublicSans-Bold.woff2")


@register(TAG, deploy=True)
def cachet(app_configs: Any = None, **_reste: Any) -> list[CheckMessage]:
    """No key: nothing is issued, which is said. A key that cannot seal is an error."""
    if not settings.CACHET_CLE and not settings.CACHET_CERTIFICAT:
        return [Info("CACHET_CLE et CACHET_CERTIFICAT manquent : aucun document ne sera émis.", id="documents.I001")]
    try:
        sceau.verifier()
    except CachetIndisponible as raison:
        return [Error(f"Le cachet électronique ne peut pas servir ({raison}).", id="documents.E001")]
    if settings.MESPOINTS_MARQUE_ETAT and sceau.est_de_demonstration():
        return [Error("Un cachet de démonstration ne scelle pas de document de l'État.", id="documents.E002")]
    fin = sceau.fin()
    if fin - timezone.now() < PREAVIS:
        return [Warning(f"Le certificat du cachet finit le {fin:%d/%m/%Y} : préparez le suivant.", id="documents.W001")]
    return []


@register(TAG, deploy=True)
def polices(app_configs: Any = None, **_reste: Any) -> list[CheckMessage]:
    """The only fonts that the documents may use."""
    dossier = Path(settings.BASE_DIR) / "static" / "fonts"
    manquent = [nom for nom in POLICES if not (dossier / nom).is_file()]
    return [Error(f"Polices des documents absentes : {', '.join(manquent)}.", id="documents.E003")] if manquent else []


@register(TAG, deploy=True)
def cles_des_codes(app_configs: Any = None, **_reste: Any) -> list[CheckMessage]:
    """No key: no ADCS is issued, which is said. A key that cannot sign, or that also seals, is an error."""
    if not settings.ADCS_CLE and not settings.ADCS_CERTIFICATS:
        return [Info("ADCS_CLE et ADCS_CERTIFICATS manquent : aucune ADCS ne sera émise.", id="documents.I010")]
    try:
        cles = porte_cles.trousseau()
        if not settings.ADCS_CLE:  # a site that only verifies
            return [Info("ADCS_CLE manque : aucune ADCS ne sera émise.", id="documents.I010")]
        porte_cles.cle_de_signature(timezone.now())
    except (CleRefusee, CachetIndisponible) as raison:
        return [Error(f"La clé des codes de l'ADCS ne peut pas servir ({raison}).", id="documents.E010")]
    if any(cle.publique == publique for cle in cles for publique in _cles_du_cachet()):
        return [Error("La clé des codes et celle du cachet sont la même : il en faut deux.", id="documents.E011")]
    fin = porte_cles.fin()
    if fin - timezone.now() < porte_cles.PREAVIS:
        return [Warning(f"La clé des codes finit le {fin:%d/%m/%Y} : préparez la suivante.", id="documents.W010")]
    return []


def _cles_du_cachet() -> list[Any]:
    try:
        return [c.public_key() for c in x509.load_pem_x509_certificates(settings.CACHET_CERTIFICAT.encode())]
    except ValueError:  # none, or one that ``checks`` speaks of
        return []
