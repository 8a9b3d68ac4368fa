"""Reading centres, sessions, announcements and attestations; and what staff must look into. Nothing here writes."""

import json
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef

from dossier.models import Dossier
from dossier.rules.calendrier import UN_JOUR, plus_ans, plus_mois
from dossier.rules.parametres import STAGE_OBLIGATOIRE_MOIS
from dossier.rules.stage import Periode, limite_d_envoi, suites_des_ordres
from dossier.selectors import list_situations
from stages.models import AnnonceStage, Attestation, Centre, VersionCentre
from stages.rules.lieux import departement_du_code_postal

CENTRES_PAR_PAGE = 10  # on a phone, ten are already long
SESSIONS_PAR_CENTRE = 3
PAGE_MAX = 500

#: A page of centres, each with its next sessions: one statement, for the page that everybody may open. Reads by
#: ``centre_departement`` or ``centre_code_postal``, then by ``session_a_venir``, once a centre shown.
CENTRES = """
    SELECT c.*, (
        SELECT json_agg(s ORDER BY s.date_debut)::text FROM (
            SELECT numero, date_debut, date_fin, places, lieu FROM stages_session
            WHERE centre_id = c.id AND date_debut >= %(depuis)s AND NOT annulee
            ORDER BY date_debut LIMIT %(sessions)s) AS s) AS prochaines
    FROM (SELECT *, count(*) OVER () AS total FROM stages_centre
          WHERE {lieu} = %(lieu)s AND retire_le IS NULL AND agree_du <= %(au)s AND agree_au >= %(au)s
          ORDER BY commune, nom, id LIMIT %(combien)s OFFSET %(rang)s) AS c
    ORDER BY commune, nom, id
"""
PAR_DEPARTEMENT, PAR_CODE_POSTAL = CENTRES.format(lieu="departement"), CENTRES.format(lieu="code_postal")
#: All that a driver announced and all that was attested, last course first, in one go: often nothing.
ANNONCES_ET_ATTESTATIONS = """
    SELECT (SELECT json_agg(a ORDER BY a.date_fin DESC, a.id DESC)::text FROM stages_annoncestage a
            WHERE a.dossier_id = %(dossier)s),
           (SELECT json_agg(a ORDER BY a.date_fin DESC, a.id DESC)::text FROM stages_attestation a
            WHERE a.dossier_id = %(dossier)s)
"""
#: The dossiers to which a 48N was notified in a span of days, by the index ``fait_48n``.
NOTIFIES = """
    SELECT DISTINCT dossier_id FROM dossier_fait
    WHERE type = 'lettre' AND contenu ->> 'reference' = '48N'
      AND COALESCE(contenu ->> 'date_notification', contenu ->> 'date_presentation') BETWEEN %s AND %s
    ORDER BY dossier_id
"""
LOT = 500
JOURS = frozenset({"date_debut", "date_fin", "recue_le", "recorded_on"})
#: A 48N is looked for among those notified since: the whole of a délai probatoire.
ANNEES_48N = 3


class Prochaine(NamedTuple):
    """A session to come, as the page of centres shows it."""

    numero: str
    date_debut: date
    date_fin: date
    places: int
    lieu: str


class CentreTrouve(NamedTuple):
    """A centre and its next sessions."""

    centre: Centre
    sessions: list[Prochaine]


class Recherche(NamedTuple):
    """A page of centres, by commune and name: no other order, none is preferred."""

    trouves: list[CentreTrouve]
    total: int
    numero: int
    combien: int


class Retard(NamedTuple):
    """A driver whom staff must look into, and why."""

    dossier_id: int
    neph: str
    nom: str
    departement: str
    date_fin: date | None  # of the course; None: not followed
    limite: date
    motif: str  # « 15 jours », « un mois », « manquant », « en retard »
    agrement: str = ""


# --- Centres and sessions ---------------------------------------------------------------------------------------------


def search_centres(*, au: date, departement: str, code_postal: str = "", depuis: date, numero: int = 1) -> Recherche:
    """The centres agréés on ``au`` in a département, or at a postcode of it, with their sessions from ``depuis``.

    One query, however many there are; three where the page asked is beyond the last one.
    """
    requete = PAR_CODE_POSTAL if code_postal else PAR_DEPARTEMENT
    valeurs = {"lieu": code_postal or departement, "au": au, "depuis": depuis}
    numero = max(1, min(numero, PAGE_MAX))
    lus = _page_de_centres(requete, valeurs, numero)
    if not lus and numero > 1:
        premiers = _page_de_centres(requete, valeurs, 1)
        numero = _combien_de_pages(premiers)
        lus = _page_de_centres(requete, valeurs, numero)
    trouves = [CentreTrouve(centre, _sessions(centre)) for centre in lus]
    return Recherche(trouves, lus[0].total if lus else 0, numero, _combien_de_pages(lus))


def _page_de_centres(requete: str, valeurs: dict[str, Any], numero: int) -> list[Any]:
    rang = (numero - 1) * CENTRES_PAR_PAGE
    limites = {"combien": CENTRES_PAR_PAGE, "rang": rang, "sessions": SESSIONS_PAR_CENTRE}
    return list(Centre.objects.raw(requete, valeurs | limites))


def _combien_de_pages(lus: list[Any]) -> int:
    return -(-lus[0].total // CENTRES_PAR_PAGE) if lus else 1


def _sessions(centre: Any) -> list[Prochaine]:
    """Sessions of a centre as ``CENTRES`` reads them."""
    return [Prochaine(**_dates(lue)) for lue in json.loads(centre.prochaines or "[]")]


def get_centre(agrement: str) -> Centre | None:
    """The centre of this number (``lieux.lire_agrement``), agréé or not any more."""
    return Centre.objects.filter(agrement=agrement).first()


def list_periodes(agrement: str) -> list[Periode]:
    """Every period during which this number was agréé, as the lists have told it one after another."""
    centre = get_centre(agrement)
    if centre is None:
        return []
    contenus: list[dict[str, Any]] = list(
        VersionCentre.objects.filter(centre=centre).order_by("pk").values_list("contenu", flat=True)
    )
    passees = [_periode(*(_jour(c[champ]) for champ in ("agree_du", "agree_au", "retire_le"))) for c in contenus]
    return [*passees, _periode(centre.agree_du, centre.agree_au, centre.retire_le)]


def _periode(du: date | None, au: date | None, retire_le: date | None) -> Periode:
    assert du is not None and au is not None  # noqa: S101, PT018 both columns are filled
    return Periode(du, min(au, retire_le - UN_JOUR) if retire_le else au)


def _jour(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


# --- One driver -------------------------------------------------------------------------------------------------------


def list_annonces_et_attestations(dossier_id: int) -> tuple[list[AnnonceStage], list[Attestation]]:
    """The courses that this driver announced and those that were attested, last course first: one query."""
    with connection.cursor() as curseur:
        curseur.execute(ANNONCES_ET_ATTESTATIONS, {"dossier": dossier_id})
        annonces, attestations = (json.loads(lu or "[]") for lu in curseur.fetchone())
    return (
        [AnnonceStage(**_dates(lu) | {"announced_at": datetime.fromisoformat(lu["announced_at"])}) for lu in annonces],
        [Attestation(**_dates(lu)) for lu in attestations],
    )


def _dates(lu: dict[str, Any]) -> dict[str, Any]:
    """A row that PostgreSQL wrote as JSON, its days as days."""
    return lu | {champ: date.fromisoformat(lu[champ]) for champ in JOURS & lu.keys()}


# --- For staff --------------------------------------------------------------------------------------------------------


def list_annonces_sans_attestation(*, au: date, departement: str = "") -> list[Retard]:
    """Announced courses without attestation, over fifteen days or a month after their end, oldest first.

    ``departement``: of the centre, whose préfet receives the attestation.
    """
    recues = Attestation.objects.filter(dossier=OuterRef("dossier"), date_fin=OuterRef("date_fin"))
    annonces = AnnonceStage.objects.filter(~Exists(recues), date_fin__lt=au).select_related("dossier")
    if departement:
        annonces = annonces.filter(departement=departement)
    retards = []
    for annonce in annonces.order_by("date_fin", "pk"):
        limite = limite_d_envoi(annonce.date_fin)
        if au <= limite or _est_enregistre(annonce):
            continue
        motif = "un mois" if au > plus_mois(annonce.date_fin, 1) else "15 jours"
        retards.append(_retard(annonce.dossier, annonce.date_fin, limite, motif, annonce.departement, annonce.agrement))
    return retards


def _est_enregistre(annonce: AnnonceStage) -> bool:
    """Did the national file tell of this course by another way?"""
    return annonce.dossier.faits.filter(type="stage", contenu__date_fin=annonce.date_fin.isoformat()).exists()


def list_48n_en_defaut(*, au: date, departement: str = "") -> list[Retard]:
    """48N whose course is missing after four months, or was followed late, earliest limit first.

    ``departement``: of the driver's address, where it is known.
    """
    depuis, jusque = plus_ans(au, -ANNEES_48N), plus_mois(au, -STAGE_OBLIGATOIRE_MOIS)
    with connection.cursor() as curseur:
        curseur.execute(NOTIFIES, [depuis.isoformat(), jusque.isoformat()])
        notifies = [dossier_id for (dossier_id,) in curseur.fetchall()]
    retards: list[Retard] = []
    for rang in range(0, len(notifies), LOT):
        for situation in list_situations(notifies[rang : rang + LOT], au=au):
            ou = departement_du_code_postal((situation.dossier.adresse or {}).get("code_postal") or "") or ""
            suites = suites_des_ordres(situation.replay, situation.parcours, situation.ordres_de_stage)
            retards += [
                _retard(
                    situation.dossier,
                    suite.suivi.date_fin if suite.suivi else None,
                    suite.limite,
                    "manquant" if suite.manque else "en retard",
                    ou,
                )
                for suite in suites
                if suite.est_en_defaut(au) and departement in ("", ou)
            ]
    return sorted(retards, key=lambda retard: (retard.limite, retard.dossier_id))


def _retard(
    dossier: Dossier, date_fin: date | None, limite: date, motif: str, departement: str, agrement: str = ""
) -> Retard:
    nom = f"{dossier.nom_naissance} {' '.join(dossier.prenoms)}"
    return Retard(dossier.pk, dossier.neph, nom, departement, date_fin, limite, motif, agrement)
