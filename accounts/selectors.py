"""Reading who the visitor is."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import Rattachement, User
from mespoints.lib.session import NIVEAU_MOT_DE_PASSE, Titulaire


def get_titulaire(user: User | AnonymousUser, *, niveau: str = NIVEAU_MOT_DE_PASSE) -> Titulaire | None:
    """Give the driver behind this account and the dossier attached to it, in one query; None when not signed in.

    An account without an attached dossier is a titulaire whose ``dossier_id`` is None, shown by its address.
    """
    if not isinstance(user, User):
        return None
    ligne = (
        Rattachement.objects.filter(user=user, revoked_at=None)
        .values_list("dossier_id", "dossier__prenoms", "dossier__nom_usage", "dossier__nom_naissance")
        .first()
    )
    if ligne is None:
        return Titulaire(dossier_id=None, niveau=niveau, nom_affiche=user.email)
    dossier_id, prenoms, nom_usage, nom_naissance = ligne
    nom = " ".join([*prenoms[:1], nom_usage or nom_naissance])
    return Titulaire(dossier_id=dossier_id, niveau=niveau, nom_affiche=nom)
