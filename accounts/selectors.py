"""Reading who the visitor is."""

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from accounts.models import User
from mespoints.lib.session import NIVEAU_MOT_DE_PASSE, Titulaire

#: In SQL: every private page begins with it, and the ORM takes longer to compose it than PostgreSQL to answer it.
RATTACHEMENT_ACTIF = """
    SELECT r.dossier_id, d.prenoms, d.nom_usage, d.nom_naissance
    FROM accounts_rattachement r JOIN dossier_dossier d ON d.id = r.dossier_id
    WHERE r.user_id = %s AND r.revoked_at IS NULL
"""


def get_titulaire(user: User | AnonymousUser, *, niveau: str = NIVEAU_MOT_DE_PASSE) -> Titulaire | None:
    """Give the driver behind this account and the dossier attached to it, in one query; None when not signed in.

    An account without an attached dossier is a titulaire whose ``dossier_id`` is None, shown by its address.
    """
    if not isinstance(user, User):
        return None
    with connection.cursor() as curseur:
        ligne = curseur.execute(RATTACHEMENT_ACTIF, [user.pk]).fetchone()
    if ligne is None:
        return Titulaire(dossier_id=None, niveau=niveau, nom_affiche=user.email)
    dossier_id, prenoms, nom_usage, nom_naissance = ligne
    nom = " ".join([*prenoms[:1], nom_usage or nom_naissance])
    return Titulaire(dossier_id=dossier_id, niveau=niveau, nom_affiche=nom)
