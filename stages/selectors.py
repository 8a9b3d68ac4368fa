"""Reading centres, sessions, announcements and attestations; and what staff must look into. Nothing here writes."""

import json
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from dossier.bureau.ouvrables import ouvrable_sql
from dossier.models import Dossier
from dossier.rules.calendrier import UN_JOUR, jour_lu, plus_mois
from dossier.rules.parametres import ATTESTATION_JOURS, STAGE_OBLIGATOIRE_MOIS
from dossier.rules.stage import Periode, SuiteOrdre, limite_d_envoi, suites_des_ordres
from dossier.selectors import list_situations
from mespoints.lib.rows import select
from mespoints.lib.visiteur import Agent
from stages.models import AnnonceStage, Attestation, Centre, VersionCentre

CENTRES_PAR_PAGE = 10  # on a phone, ten are already long
SESSIONS_PAR_CENTRE = 3
PAGE_MAX = 500

#: A page of centres, each with its next sessions: one statement, for the page that everybody may open. Reads by
#: ``centre_departement`` or ``centre_code_postal``, then by ``session_a_venir``, once a centre shown.
CENTRES = """
    SELECT {{columns}}, (
        SELECT json_agg(s ORDER BY s.date_debut)::text FROM (
            SELECT numero, date_debut, date_fin, places, lieu FROM stages_session
            WHERE centre_id = c.id AND date_debut >= %(depuis)s AND NOT annulee
            ORDER BY date_debut LIMIT %(sessions)s) AS s) AS prochaines, c.total
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
#: The dossiers to which a 48N was notified in a span of days, oldest first, by the index ``fait_48n``, less those whose
#: course was followed in time for sure: four months are never less than 120 days. The law says the rest. {ouvrable}:
#: that whoever asks may open.
NOTIFIES = """
    SELECT n.dossier_id FROM (
        SELECT dossier_id, min(COALESCE(contenu ->> 'date_notification', contenu ->> 'date_presentation')) AS jour
        FROM dossier_fait f
        WHERE type = 'lettre' AND contenu ->> 'reference' = '48N'
          AND COALESCE(contenu ->> 'date_notification', contenu ->> 'date_presentation')
              BETWEEN %(depuis)s AND %(jusque)s
          AND NOT EXISTS (
              SELECT FROM dossier_fait s WHERE s.dossier_id = f.dossier_id AND s.type = 'stage'
              AND s.contenu ->> 'nature' = 'obligatoire' AND COALESCE(s.contenu ->> 'enregistre_le', '') <= %(au)s
              AND s.contenu ->> 'date_fin'
                  >= COALESCE(f.contenu ->> 'date_notification', f.contenu ->> 'date_presentation')
              AND (s.contenu ->> 'date_fin')::date
                  <= COALESCE(f.contenu ->> 'date_notification', f.contenu ->> 'date_presentation')::date + 120)
        GROUP BY dossier_id) n
    JOIN dossier_dossier d ON d.id = n.dossier_id
    WHERE {ouvrable} ORDER BY n.jour, n.dossier_id LIMIT %(combien)s
"""
#: Announced courses whose attestation nobody received, oldest first, by the index ``annonce_departement``, less those
#: that the national file tells by another way. {ou}: of the centre's département, as ``DU_DEPARTEMENT`` says.
ANNONCES = """
    SELECT d.id, d.neph, d.nom_naissance, d.prenoms, d.departement, a.date_fin, a.departement, a.agrement
    FROM stages_annoncestage a JOIN dossier_dossier d ON d.id = a.dossier_id
    WHERE {ou} AND a.date_fin BETWEEN %(depuis)s AND %(jusque)s
      AND NOT EXISTS (SELECT FROM stages_attestation t WHERE t.dossier_id = d.id AND t.date_fin = a.date_fin)
      AND NOT EXISTS (SELECT FROM dossier_fait f WHERE f.dossier_id = d.id AND f.type = 'stage'
                      AND f.contenu ->> 'date_fin' = a.date_fin::text)
    ORDER BY a.date_fin, a.id LIMIT %(combien)s
"""
#: Where the centre's département is unknown, a course is the affair of who may open its driver's dossier.
DU_DEPARTEMENT = "a.departement IN (%(departement)s, '') AND (a.departement <> '' OR {ouvrable})"
LOT = 500
JOURS = frozenset({"date_debut", "date_fin", "recue_le", "decidee_le"})
#: Later than a year after the last day nobody is fined any more (a contravention: article 9 of the Code de procédure
#: pénale); an attestation that is a year late is looked for by its driver, through a signalement.
RECHERCHE_MOIS = 12


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
    agrement: str
    departement_du_dossier: str | None


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
    return select(Centre, requete, valeurs | limites, alias="c", more=("prochaines", "total"))


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
    passees = [_periode(*(jour_lu(c[champ]) for champ in ("agree_du", "agree_au", "retire_le"))) for c in contenus]
    return [*passees, _periode(centre.agree_du, centre.agree_au, centre.retire_le)]


def _periode(du: date | None, au: date | None, retire_le: date | None) -> Periode:
    assert du is not None and au is not None  # noqa: S101, PT018 both columns are filled
    return Periode(du, min(au, retire_le - UN_JOUR) if retire_le else au)


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


def list_annonces_sans_attestation(*, au: date, pour: Agent | None = None, combien: int | None = None) -> list[Retard]:
    """Announced courses without attestation, over fifteen days or a month after their end, oldest first: one query.

    ``pour`` an agent: those of the centres of their département, whose préfet receives the attestation; where the
    centre's is unknown, those of the drivers whose dossier they may open.
    """
    jours = {
        "depuis": plus_mois(au, -RECHERCHE_MOIS),
        "jusque": au - timedelta(days=ATTESTATION_JOURS.au(au)) - UN_JOUR,
    }
    ouvrable, valeurs = _ouvrable(pour)
    ou, code = (DU_DEPARTEMENT.format(ouvrable=ouvrable), pour.departement) if pour else ("true", None)
    with connection.cursor() as curseur:
        curseur.execute(ANNONCES.format(ou=ou), jours | valeurs | {"departement": code, "combien": combien})
        lignes = curseur.fetchall()
    return [
        Retard(cle, neph, _nom(nom, prenoms), ou, fin, limite_d_envoi(fin), _motif(fin, au), agrement, du_conducteur)
        for cle, neph, nom, prenoms, du_conducteur, fin, ou, agrement in lignes
    ]


def _ouvrable(pour: Agent | None) -> tuple[str, dict[str, Any]]:
    """« A dossier that they may open », of the dossiers ``d``; any, where nobody is said to ask."""
    return ouvrable_sql(pour, "d.departement", "d.id") if pour else ("true", {})


def _motif(date_fin: date, au: date) -> str:
    return "un mois" if au > plus_mois(date_fin, 1) else f"{ATTESTATION_JOURS.au(date_fin)} jours"


def list_48n_en_defaut(*, au: date, pour: Agent | None = None, combien: int | None = None) -> list[Retard]:
    """48N whose course is missing after four months, or was followed late, earliest limit first.

    ``pour`` an agent: those of the dossiers that they may open; ``combien``: dossiers looked at, at most. Two queries,
    one more every 500 dossiers.
    """
    delai = STAGE_OBLIGATOIRE_MOIS.au(au)
    jours = {
        "depuis": plus_mois(au, -RECHERCHE_MOIS - delai).isoformat(),
        "jusque": plus_mois(au, -delai).isoformat(),
        "au": au.isoformat(),
    }
    ouvrable, valeurs = _ouvrable(pour)
    with connection.cursor() as curseur:
        curseur.execute(NOTIFIES.format(ouvrable=ouvrable), jours | valeurs | {"combien": combien})
        notifies = [dossier_id for (dossier_id,) in curseur.fetchall()]
    retards: list[Retard] = []
    for rang in range(0, len(notifies), LOT):
        for situation in list_situations(notifies[rang : rang + LOT], au=au):
            suites = suites_des_ordres(situation.replay, situation.parcours, situation.ordres_de_stage)
            retards += [_en_defaut(situation.dossier, suite) for suite in suites if suite.est_en_defaut(au)]
    return sorted(retards, key=lambda retard: (retard.limite, retard.dossier_id))


def _en_defaut(dossier: Dossier, suite: SuiteOrdre) -> Retard:
    fin, motif = suite.suivi.date_fin if suite.suivi else None, "manquant" if suite.manque else "en retard"
    nom, ou = _nom(dossier.nom_naissance, dossier.prenoms), dossier.departement
    return Retard(dossier.pk, dossier.neph, nom, ou or "", fin, suite.limite, motif, "", ou)


def _nom(naissance: str, prenoms: list[str]) -> str:
    return f"{naissance} {' '.join(prenoms)}"
