"""How often a door may be tried: counted in PostgreSQL, one atomic statement a count, so that Redis may be lost.

Each try is counted before it is looked at, and given back when it was a good one: two hundred at the same moment cannot
all pass. What cannot be counted is refused: an error of the database is an error of the page. Call outside of a
transaction, or a rollback would forget the try.

For a form of ours: ``refus = consommer(CREATION, request, adresse)``; if it is not None, nothing may be done, and
``mespoints.lib.http.trop_d_essais(request, refus)`` is the page (429, Retry-After) to return.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.models import Compteur
from mespoints.lib.reseau import reseau

MINUTE, HEURE, JOUR = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limite:
    """``essais`` tries in ``fenetre``, then none until the window ends.

    With a ``plafond``, each try beyond them is waited for instead: one window, then twice as long, up to ``plafond``;
    all is forgotten one ``plafond`` after the last wait. There is no permanent lock.
    """

    nom: str
    essais: int
    fenetre: timedelta
    plafond: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Porte:
    """What one try counts against, in this order: a target (an address, an account) from one network, that network
    whatever it aims at, the target wherever one comes from.

    The first that refuses ends it: who is stopped for their own tries uses up nothing of what others have. A browser
    that opened the account before (``accounts.compte.appareils``) counts against ``ici`` alone, in its own name: it
    waits for nobody's tries but its own.
    """

    ici: Sequence[Limite] = ()
    reseau: Sequence[Limite] = ()
    cible: Sequence[Limite] = ()


CONNEXION_ICI = Limite("connexion.ici", 5, 15 * MINUTE, plafond=JOUR)
#: A high ceiling: a prefecture's agents, or the subscribers of an operator, share one address.
CONNEXION_RESEAU = Limite("connexion.reseau", 200, HEURE)
CONNEXION_COMPTE = Limite("connexion.compte", 20, HEURE)
#: A day may overlap two windows: 50 in each are 100 in any 24 hours.
CONNEXION = Porte(
    ici=[CONNEXION_ICI], reseau=[CONNEXION_RESEAU], cible=[CONNEXION_COMPTE, Limite("connexion.jour", 50, JOUR)]
)
#: The code of a second factor: a million possibilities, and the password is known to who is asked for it.
SECOND_FACTEUR = Porte(
    ici=[Limite("facteur.ici", 5, 5 * MINUTE, plafond=JOUR)],
    cible=[Limite("facteur.compte", 20, HEURE), Limite("facteur.jour", 50, JOUR)],
)
#: A code works for 90 seconds (its own 30, those before and after) and once.
CODE_UNIQUE = Porte(cible=[Limite("facteur.code", 1, 2 * MINUTE)])
OUBLI = Porte(
    reseau=[Limite("oubli.reseau", 100, HEURE)],
    cible=[Limite("oubli.adresse", 5, HEURE)],
)
RENVOI = Porte(reseau=[Limite("renvoi.reseau", 100, HEURE)], cible=[Limite("renvoi.adresse", 5, HEURE)])
CREATION = Porte(reseau=[Limite("creation.reseau", 100, HEURE)], cible=[Limite("creation.adresse", 5, HEURE)])
#: A message that a person will have to read.
MESSAGE = Porte(reseau=[Limite("message.reseau", 100, HEURE)], cible=[Limite("message.signalement", 6, HEURE)])
#: What a signed-in visitor does to the account itself: whoever took a session guesses no password there.
GESTE = Porte(cible=[Limite("geste.minute", 10, MINUTE), Limite("geste.jour", 200, JOUR)])

#: The checks of one document from one network; documents.verification.services has those of everybody.
VERIFICATION = Porte(ici=[Limite("verification.ici", 20, HEURE)])
#: What another app counts by ``request.essayer``, by the name of its door.
PORTES = {"verification": VERIFICATION}

# `libre` is when the try after this one is allowed. The window of a plain limit stays where it began; that of a
# doubling one moves with its last try.
_COMPTER = """
    INSERT INTO accounts_compteur AS c (cle, essais, libre_at, oublie_at)
    SELECT %(cle)s, 1, CASE WHEN %(limite)s <= 1 THEN fin ELSE maintenant END,
           CASE WHEN %(limite)s <= 1 THEN fin + %(plafond)s ELSE fin END
    FROM (SELECT statement_timestamp() AS maintenant, statement_timestamp() + %(fenetre)s AS fin) AS t
    ON CONFLICT (cle) DO UPDATE SET (essais, libre_at, oublie_at) = (
        SELECT n,
               CASE WHEN n < %(limite)s THEN maintenant ELSE maintenant + attente END,
               CASE WHEN %(plafond)s = interval '0' THEN fin
                    WHEN n < %(limite)s THEN maintenant + %(fenetre)s
                    ELSE maintenant + attente + %(plafond)s END
        FROM (
            SELECT n, maintenant, fin,
                   CASE WHEN %(plafond)s = interval '0' THEN fin - maintenant
                        ELSE LEAST(%(plafond)s, %(fenetre)s * power(2, LEAST(GREATEST(n - %(limite)s, 0), 20)))
                   END AS attente
            FROM (
                SELECT CASE WHEN c.oublie_at <= statement_timestamp() THEN 1 ELSE c.essais + 1 END AS n,
                       CASE WHEN c.oublie_at <= statement_timestamp() THEN statement_timestamp() + %(fenetre)s
                            ELSE c.oublie_at END AS fin,
                       statement_timestamp() AS maintenant
            ) AS compte
        ) AS suite
    )
    -- The clock, not the statement's beginning: what it waited for may have been written since.
    WHERE c.libre_at <= clock_timestamp() OR c.oublie_at <= clock_timestamp()
    RETURNING essais
"""
_COMPTES = "essais_comptes"  # on the request: what was counted for it
_ATTENTE = "SELECT extract(epoch FROM libre_at - statement_timestamp()) FROM accounts_compteur WHERE cle = %s"
_RENDRE = """
    UPDATE accounts_compteur SET essais = essais - 1, libre_at = LEAST(libre_at, statement_timestamp())
    WHERE cle = %s AND essais > 0 AND oublie_at > statement_timestamp()
"""


def consommer(porte: Porte, request: HttpRequest, cible: str = "", *, appareil: str = "") -> int | None:
    """Count one try; None when it may be made, else the seconds to wait.

    A ``cible`` is an address as typed, or an account's number; its case and outer spaces do not count. ``appareil`` is
    the name of a browser that opened the account before.
    """
    for limite, cle in _cles(porte, request, cible, appareil):
        with connection.cursor() as cursor:
            valeurs: dict[str, Any] = {"cle": cle, "limite": limite.essais}
            cursor.execute(_COMPTER, valeurs | {"fenetre": limite.fenetre, "plafond": limite.plafond})
            if cursor.fetchone() is None:
                cursor.execute(_ATTENTE, [cle])
                ligne = cursor.fetchone()
                return max(1, ceil(ligne[0])) if ligne else 1
        vars(request).setdefault(_COMPTES, []).append(cle)
    return None


def essayer(request: HttpRequest, porte: str, cible: object) -> int | None:
    """Count one try at a door of another app, as ``consommer`` does."""
    return consommer(PORTES[porte], request, str(cible))


def annuler(request: HttpRequest) -> None:
    """Give back the tries of a request that the site was too busy to look at. A wait that was earned before stays."""
    for cle in vars(request).pop(_COMPTES, []):
        with connection.cursor() as cursor:
            cursor.execute(_RENDRE, [cle])


def rendre(porte: Porte, request: HttpRequest, cible: str = "", *, appareil: str = "") -> None:
    """Give back a try that was a good one; what made the tries from here on this target wait is forgotten.

    A network only gets its one try back: signing in to one's own account gives no more tries on others'.
    """
    for limite, cle in _cles(porte, request, cible, appareil):
        if limite.plafond:
            Compteur.objects.filter(cle=cle).delete()
        else:
            with connection.cursor() as cursor:
                cursor.execute(_RENDRE, [cle])


def oublier(porte: Porte, cible: str, request: HttpRequest | None = None) -> None:
    """Forget what was counted against this target, and from here: its owner proved who they are by another way."""
    cles = [_cle(limite, _normale(cible)) for limite in porte.cible]
    if request:
        cles += [_cle(limite, ici(request, cible)) for limite in porte.ici]
    Compteur.objects.filter(cle__in=cles).delete()


def ici(request: HttpRequest, cible: str, appareil: str = "") -> str:
    """A target from where one is: a browser that knows it, else a network."""
    return f"{_normale(cible)} {appareil or reseau(request)}"


def compter(limite: Limite, valeur: str) -> int:
    """Say how many tries count now against a target, what ``ici`` or ``reseau`` gives; nothing is counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT essais FROM accounts_compteur WHERE cle = %s AND oublie_at > statement_timestamp()",
            [_cle(limite, _normale(valeur))],
        )
        ligne = cursor.fetchone()
    return int(ligne[0]) if ligne else 0


def purger() -> int:
    """Delete what counts for nothing any more; give how many rows that was."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_compteur WHERE oublie_at <= statement_timestamp()")
        return int(cursor.rowcount)


def _cles(porte: Porte, request: HttpRequest, cible: str, appareil: str) -> list[tuple[Limite, str]]:
    d_ici = [(limite, _cle(limite, ici(request, cible, appareil))) for limite in porte.ici]
    if d_ici and appareil:
        return d_ici
    du_reseau = [(limite, _cle(limite, reseau(request))) for limite in porte.reseau]
    return d_ici + du_reseau + [(limite, _cle(limite, _normale(cible))) for limite in porte.cible]


def _cle(limite: Limite, valeur: str) -> str:
    return salted_hmac(f"accounts.limites.{limite.nom}", valeur, algorithm="sha256").hexdigest()


def _normale(cible: str) -> str:
    return cible.strip().lower()
