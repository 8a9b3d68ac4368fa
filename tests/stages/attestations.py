"""A driver, what a centre attests of a course, and what is told of it."""

from datetime import date
from typing import Any

from django.db import connection
from psycopg.sql import SQL, Identifier

from dossier.models import Dossier
from dossier.selectors import Situation, get_situation
from stages import presenters, selectors, services
from stages.feed import LigneAttestation
from tests.accounts.factories import DossierFactory
from tests.base_de_donnees import se_connecter
from tests.dossier.lignes import AU, importer, infraction, ligne
from tests.stages.volume import AUTOUR

RETRAIT = infraction("i1", "2026-01-10", "2026-03-01", 6)
NEPH, CLE = "990175100001", "R1906900120"
PROBATOIRE = {"id": "p1", "type": "permis_obtenu", "date_obtention": "2025-07-18", "filiere": "classique"}
LETTRE = {"id": "l1", "type": "lettre", "reference": "48N", "date_notification": "2026-10-21", "fait": "i1"}
TITRES = "neph;nom_naissance;agrement;date_debut;date_fin;heures;cas"


def attestation(fin: str = "2026-11-06", **autres: Any) -> LigneAttestation:
    """Two days, fourteen hours, voluntary."""
    dernier = date.fromisoformat(fin)
    valeurs = {
        **{"neph": NEPH, "nom_naissance": "Martin", "agrement": CLE, "session": "", "heures": 14, "cas": "volontaire"},
        **{"date_debut": date.fromordinal(dernier.toordinal() - 1), "date_fin": dernier, "recue_le": None},
    }
    return LigneAttestation(**valeurs | autres)


def recevoir(*lignes: LigneAttestation, au: date = AU) -> list[services.Decision]:
    return [services.record_attestation(ligne=une, au=au) for une in lignes]


def situation(au: date = AU) -> Situation:
    return get_situation(Dossier.objects.get().pk, au=au)


def suivis(au: date = AU) -> list[presenters.Suivi]:
    pk = Dossier.objects.get().pk
    return presenters.suivis(situation(au), *selectors.list_annonces_et_attestations(pk))


def texte(suivi: presenters.Suivi) -> str:
    pas = " | ".join(f"{p.nom} {p.quand}" for p in suivi.pas)
    return f"{suivi.badge} | {pas} | {' '.join(suivi.phrases)}".replace("\u00a0", " ")


def ordonne() -> Dossier:
    faits = [PROBATOIRE, infraction("i1", "2026-09-12", "2026-10-07", 3), LETTRE]
    assert importer(ligne(*faits))[0].etat == "accepte"
    return Dossier.objects.get()


def entourer() -> None:
    """Enough of what is not looked for, and of dossiers, for the planner to care. Committed: only the owner of the
    tables may tell the planner what is in them."""
    Dossier.objects.bulk_create([DossierFactory.build(neph=f"70000{n:07}") for n in range(500)])
    with connection.cursor() as curseur:
        for ordre in AUTOUR:
            curseur.execute(ordre)
    with se_connecter(connection.settings_dict["NAME"], migration=True) as proprietaire:
        for table in ("dossier_dossier", "dossier_fait", "stages_annoncestage"):
            proprietaire.execute(SQL("ANALYZE {}").format(Identifier(table)))
