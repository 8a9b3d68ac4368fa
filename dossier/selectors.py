"""Reading a dossier. Nothing here writes, nothing here settles: the facts are replayed at the day asked."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Count, Min
from django.utils.timezone import localdate, now

from dossier.effacement import effacees, est_effacee
from dossier.fabrique import FaitDit, parcours_de
from dossier.models import (
    Dossier,
    Fait,
    Importation,
    Incident,
    Journal,
    Mouvement,
    Passage,
    VerificationDuLivre,
    VersionDossier,
)
from dossier.models.mouvement import CORRECTION
from dossier.rules.categories import CONDUISIBLES, CategorieTenue, categories_tenues
from dossier.rules.faits import Eligibilite, Parcours
from dossier.rules.levee import mesures_effacees
from dossier.rules.mots.conducteur import Droit, droit_dit
from dossier.rules.rejeu import Replay
from dossier.rules.solde import rejouer
from dossier.rules.stage import OrdreDeStage, eligibilite, stage_obligatoire_attendu
from dossier.rules.vocabulaire import Etat, Reference, Regime, TypeFait
from mespoints.lib.rows import select

#: A dossier, its facts as one JSON array, and whether a line was ever corrected, in one go: written in SQL because the
#: ORM spends more time composing it than PostgreSQL answering it, on the page that everybody reads.
DOSSIER_ET_FAITS = """
    SELECT {columns},
           (SELECT json_agg(f.contenu ORDER BY f.id)::text FROM dossier_fait f WHERE f.dossier_id = d.id) AS contenus,
           EXISTS (SELECT FROM dossier_mouvement m WHERE m.dossier_id = d.id AND m.nature = 'correction')
               AS a_des_corrections
    FROM dossier_dossier d WHERE d.id = ANY(%s)
"""


def en_lignes(adresse: Mapping[str, Any]) -> list[str]:
    """An address of the feed, as an envelope has it."""
    ville = " ".join(filter(None, [adresse.get("code_postal"), adresse.get("commune")]))
    return [ligne for ligne in [*(adresse.get("lignes") or []), ville] if ligne.strip()]


#: What undoes a measure, or puts it back.
DEFONT = frozenset({TypeFait.LEVEE, TypeFait.RETABLISSEMENT})


class Situation(NamedTuple):
    """All that the pages and the documents say of a driver on a day."""

    dossier: Dossier
    faits: list[FaitDit]  # known that day, as the feed tells them: letters, exams and visits are in no rule
    parcours: Parcours
    replay: Replay
    stage: Eligibilite
    a_des_corrections: bool
    annules: Sequence[FaitDit] = ()  # what L. 225-2 III erases, in none of ``faits``

    @property
    def communicables(self) -> list[FaitDit]:
        """The facts that a document may tell: what undid an erased measure would tell it."""
        partis = {fait["id"] for fait in self.annules}
        partis |= {fait["id"] for fait in self.faits_de_type(TypeFait.LEVEE) if fait["fait"] in partis}
        return [fait for fait in self.faits if fait["type"] not in DEFONT or fait["fait"] not in partis]

    @property
    def par_id(self) -> dict[str, FaitDit]:
        """Every fact that another may speak of, by its id: the desk names what a levée undid, by its type and day."""
        return {fait["id"]: fait for fait in [*self.annules, *self.faits]}

    def faits_de_type(self, type_: str) -> list[FaitDit]:
        """The facts of one type, in the order in which they were told."""
        return [fait for fait in self.faits if fait["type"] == type_]

    @property
    def droit(self) -> Droit:
        """The right to drive, in words. A solde nul does not hide a suspension: the driver would take the road without
        the right."""
        lu = self.replay
        return droit_dit(
            lu.etat,
            bool(lu.suspensions),
            etranger=lu.etranger,
            incomplet=lu.incomplet,
            provisoire=lu.provisoire,
            lettre_48si=lu.lettre_48si is not None,
            sans_categorie=self.sans_categorie,
        )

    @property
    def sans_categorie(self) -> bool:
        """The licence holds, and nothing may be driven with it. A file that tells no category says nothing of it."""
        tenues = self.categories
        return (
            bool(tenues)
            and self.replay.regime == Regime.FRANCAIS
            and self.replay.etat in (Etat.VALIDE, Etat.SOLDE_NUL, Etat.SUSPENDU)
            and not any(tenue.validite in CONDUISIBLES for tenue in tenues)
        )

    @property
    def categories(self) -> list[CategorieTenue]:
        """The categories of the licence as they stand that day."""
        return categories_tenues(
            self.dossier.categories or [], self.parcours.visites, self.replay.levees, self.replay.au
        )

    @property
    def stage_conseille(self) -> bool:
        """Whether a course may be advised: the law would count it, and no 48SI may have ended the licence."""
        return self.stage.eligible and self.replay.lettre_48si is None

    @property
    def titre_tient(self) -> bool:
        """Whether the licence itself lets its holder drive, as far as the file tells."""
        replay = self.replay
        tenu = replay.etat in (Etat.VALIDE, Etat.SOLDE_NUL) and not replay.suspensions
        attendu = replay.lettre_48si is not None or self.sans_categorie
        return tenu and not attendu and replay.regime == Regime.FRANCAIS

    @property
    def adresse(self) -> list[str]:
        """The lines of the address to which letters go; none where the file has none."""
        return en_lignes(self.dossier.adresse or {})

    @property
    def lettres(self) -> list[FaitDit]:
        """Each letter once, in the order in which they were first told: several facts may tell the steps of one.

        One letter: the same reference and the same cause; without a cause, identifiers alike up to a « + ». The last
        that tells a step is believed.
        """
        tenues: dict[tuple[str, str], FaitDit] = {}
        for fait in self.faits_de_type(TypeFait.LETTRE):
            cle = fait["reference"], fait.get("fait") or fait["id"].partition("+")[0]
            tenues[cle] = tenues.get(cle, {}) | fait
        return list(tenues.values())

    @property
    def ordres_de_stage(self) -> list[OrdreDeStage]:
        """The 48N that the file knows to be notified, or presented and not collected."""
        return [
            OrdreDeStage(date.fromisoformat(jour), lettre.get("fait"))
            for lettre in self.lettres
            if lettre["reference"] == Reference.L48N
            and (jour := lettre.get("date_notification") or lettre.get("date_presentation"))
        ]

    @property
    def stage_ordonne_le(self) -> date | None:
        """The notification of the 48N whose course is still to be followed."""
        return stage_obligatoire_attendu(self.replay, self.parcours, self.ordres_de_stage)


class Correction(NamedTuple):
    """A line that was shown and no longer stands, when that was seen, and the facts learnt meanwhile."""

    ligne: Mouvement
    corrigee_at: datetime
    appris: list[FaitDit]


def get_situation(dossier_id: int, *, au: date) -> Situation:
    """The dossier and its facts, replayed on ``au``: one query. Raises ``Dossier.DoesNotExist``."""
    situations = list_situations([dossier_id], au=au)
    if not situations:
        raise Dossier.DoesNotExist
    return situations[0]


def list_situations(dossier_ids: Sequence[int], *, au: date) -> list[Situation]:
    """The same for several dossiers, in no order: one query."""
    lus = select(Dossier, DOSSIER_ET_FAITS, [list(dossier_ids)], alias="d", more=("contenus", "a_des_corrections"))
    return [_situation(dossier, au) for dossier in lus]


def _situation(dossier: Any, au: date) -> Situation:
    jour = au.isoformat()
    faits = [f for f in json.loads(dossier.contenus or "[]") if f.get("enregistre_le", jour) <= jour]
    parcours = parcours_de(faits, dossier.date_naissance, dossier.adresse)
    replay = rejouer(parcours, au)
    annulees = effacees(faits, mesures_effacees(parcours, au)) if parcours.levees else ()
    restes, partis = [f for f in faits if f["id"] not in annulees], [f for f in faits if f["id"] in annulees]
    return Situation(dossier, restes, parcours, replay, eligibilite(replay), dossier.a_des_corrections, partis)


def list_adresses_remplacees(dossier_id: int) -> list[tuple[date, list[str]]]:
    """The addresses that imports replaced, each with that day, oldest first."""
    versions = VersionDossier.objects.filter(dossier_id=dossier_id).order_by("replaced_at", "pk")
    return [
        (localdate(replaced_at), en_lignes(adresse or {}))
        for replaced_at, adresse in versions.values_list("replaced_at", "contenu__adresse")
    ]


def list_mouvements(dossier_id: int, *, known_at: datetime | None = None) -> list[Mouvement]:
    """The lines that stood for a dossier at an instant (now by default), in legal order: what was shown then.

    A line stands from its recording until a correction of it is recorded.
    """
    mouvements = Mouvement.objects.filter(dossier_id=dossier_id)
    if known_at is not None:
        mouvements = mouvements.filter(recorded_at__lte=known_at)
    lignes = list(mouvements.order_by("date", "pk"))
    corriges = {ligne.corrige_id for ligne in lignes}
    return [ligne for ligne in lignes if ligne.nature != CORRECTION and ligne.pk not in corriges]


def list_corrections(dossier_id: int) -> list[Correction]:
    """The lines of a dossier that no longer stand, newest correction first; nothing of an erased measure."""
    corrections = Mouvement.objects.filter(dossier_id=dossier_id, nature=CORRECTION)
    tous = list(Fait.objects.filter(dossier_id=dossier_id).order_by("pk").values_list("recorded_at", "contenu"))
    partis = {contenu["id"] for _, contenu in tous if est_effacee(contenu)}
    faits = [(appris_le, contenu) for appris_le, contenu in tous if contenu["id"] not in partis]
    return [
        Correction(
            c.corrige,
            c.recorded_at,
            [contenu for appris_le, contenu in faits if c.corrige.recorded_at < appris_le <= c.recorded_at],
        )
        for c in corrections.select_related("corrige").order_by("-recorded_at", "-pk")
        if c.corrige is not None and c.fait not in partis
    ]


#: How far back the holder reads who looked.
CONSULTATIONS = timedelta(days=3 * 365)


class Regard(NamedTuple):
    """A row of the journal, as far as the holder of the dossier may know of it."""

    at: datetime
    agent: int
    departement: str | None
    acte: str
    motif: str


def list_consultations(dossier_id: int) -> list[Regard]:
    """What the journal has about a dossier, newest first; 500 rows at most."""
    lignes = Journal.objects.filter(dossier_id=dossier_id, at__gt=now() - CONSULTATIONS)
    return [Regard(*lue) for lue in lignes.order_by("-at", "-pk").values_list(*Regard._fields)[:500]]


def get_dossier_id(neph: str) -> int | None:
    """The dossier of a NEPH in its canonical form (``champs.neph``), if there is one."""
    return Dossier.objects.filter(neph=neph).values_list("pk", flat=True).first()


class EtatCivil(NamedTuple):
    """Who a dossier is about, by which its driver is recognised, as the national file holds it."""

    dossier_id: int
    nom_naissance: str
    nom_usage: str | None
    prenoms: Sequence[str]
    sexe: str
    date_naissance: str  # ``AAAA-MM-JJ``, 00 where unknown
    commune: str | None
    pays: str | None


#: The fields of a dossier that make it, in its order.
ETAT_CIVIL = ("pk", *EtatCivil._fields[1:-2], "lieu_naissance", "pays_naissance")


def etat_civil(dossier: Dossier) -> EtatCivil:
    """That of a dossier of which ``ETAT_CIVIL`` was read."""
    return EtatCivil(*attrgetter(*ETAT_CIVIL)(dossier))


def list_etats_civils(*, nom: str, annee: str) -> list[EtatCivil]:
    """Of the dossiers whose birth name has the same letters, of who was born that year: by an index, nothing fuzzy.

    More than a handful is no answer to anything: 20 at most.
    """
    memes = Dossier.objects.extra(
        where=["nom_compact(nom_naissance) = nom_compact(%s)", "date_naissance LIKE %s"], params=[nom, f"{annee}-%"]
    )
    return [EtatCivil(*lu) for lu in memes.order_by("pk").values_list(*ETAT_CIVIL)[:20]]


def get_etat_civil(**voulu: str | int) -> EtatCivil | None:
    """Of one dossier, by its ``neph`` or its ``pk``."""
    lu = Dossier.objects.filter(**voulu).values_list(*ETAT_CIVIL).first()
    return EtatCivil(*lu) if lu else None


def get_apercu(dossier_id: int) -> Dossier | None:
    """Who a dossier is about and which categories it holds: enough to be recognised by its driver."""
    champs = ("neph", "nom_naissance", "nom_usage", "prenoms", "categories")
    return Dossier.objects.only(*champs).filter(pk=dossier_id).first()


def list_chargements_manques() -> list[Importation]:
    """The loadings that failed since the last that ended, the last first; one that goes on is none of them."""
    chargements = Importation.objects.exclude(etat=Importation.Etat.TERMINE)
    if (termine := Importation.objects.filter(etat=Importation.Etat.TERMINE).first()) is not None:
        chargements = chargements.filter(pk__gt=termine.pk)
    return [c for c in chargements if c.etat != Importation.Etat.EN_COURS or c.interrompu]


class Suivi(NamedTuple):
    """What an operator watches of the dossiers. Nobody is named."""

    echus: int  # dossiers whose day is past: today's is tonight's work
    retard: int  # days since the oldest of them
    passage_ouvert_depuis: datetime | None
    laisses: int  # dossiers that the last run had to leave
    tenus: bool  # whether there is any dossier
    verification: VerificationDuLivre | None
    chargements_manques: int  # since the last that ended


def get_suivi(*, au: date) -> Suivi:
    """The figures of the night and of the ledger, by index: a few milliseconds whatever the size of the file."""
    echus = Dossier.objects.filter(prochaine_echeance__lt=au).aggregate(
        n=Count("pk"), premier=Min("prochaine_echeance")
    )
    dernier = Passage.objects.order_by("-jour").first()
    return Suivi(
        echus=echus["n"],
        retard=(au - echus["premier"]).days if echus["premier"] else 0,
        passage_ouvert_depuis=dernier.started_at if dernier and not dernier.finished_at else None,
        laisses=Incident.objects.filter(passage=dernier).count() if dernier else 0,
        tenus=Dossier.objects.exists(),
        verification=VerificationDuLivre.objects.order_by("-pk").first(),
        chargements_manques=len(list_chargements_manques()),
    )
