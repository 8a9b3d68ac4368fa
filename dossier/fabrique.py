"""From the facts of the feed to what the engine reads."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from dossier import champs as lire
from dossier.rules.faits import (
    Deces,
    FinDePermis,
    FormationComplementaire,
    Infraction,
    InfractionAnnulee,
    LettreRecue,
    Levee,
    Parcours,
    PermisEtranger,
    PermisObtenu,
    Retablissement,
    Stage,
    Suspension,
    Visite,
)
from dossier.rules.vocabulaire import Mesure, MotifSuspension, Reference, TypeFait
from dossier.schema import COMMUNS, FAITS

#: A fact in the feed's words, read: JSON values, no null. ``schema.FAITS`` has the fields of each type.
FaitDit = dict[str, Any]
#: The field that a tombstone alone has (``dossier.effacement``).
EMPREINTE = "empreinte"
#: The days that the post tells of a letter, from the first.
ETAPES = ("date_envoi", "date_presentation", "date_avis", "date_notification")
Lu = dict[str, Any]  # a fact, its dates as dates
_jour_lu = date.fromisoformat
#: Fields that hold a day.
_JOURS = {
    type_: tuple(cle for cle, lecteur in (COMMUNS | champs).items() if lecteur is lire.jour)
    for type_, champs in FAITS.items()
}


def parcours_de(faits: list[FaitDit], naissance: str | None = None, adresse: Any = None) -> Parcours:
    """The engine's input from the facts that the database keeps: canonical, validated once, read by the thousand.

    Of an annulled measure only the tombstone is kept (``dossier.effacement``): a suspension's was administrative.

    ``naissance`` and ``adresse``: those of the dossier.
    """
    return parcours_lu([_jours_lus(fait) for fait in faits if fait["type"] in FABRIQUES], naissance, adresse)


def parcours_lu(lus: Iterable[Lu], naissance: str | None = None, adresse: Any = None) -> Parcours:
    """The same from facts whose dates are dates: those that touch points or the right to drive, by type."""
    par_type: dict[str, list[Any]] = {}
    for fait in lus:
        fabrique = FABRIQUES.get(fait["type"])
        if fabrique is not None:
            champ, construire = fabrique
            lu = construire(fait, fait.get("enregistre_le"))
            if lu is not None:
                par_type.setdefault(champ, []).append(lu)
    lettres = par_type.pop("lettres", None)
    parcours = Parcours(**{champ: tuple(faits) for champ, faits in par_type.items()}, naissance=naissance)
    return parcours if lettres is None else parcours._replace(lettres=_lettres_48si(lettres, adresse))


def _jours_lus(fait: FaitDit) -> Lu:
    """A canonical fact, its dates as dates."""
    return fait | {cle: _jour_lu(fait[cle]) for cle in _JOURS[fait["type"]] if cle in fait}


def _fin(champ: str, type_: TypeFait) -> Callable[[Lu, date | None], FinDePermis]:
    return lambda f, k: FinDePermis(f["id"], f[champ], type_, k, f.get("permis"), f.get("pays"))


def _lettres_48si(lettres: Iterable[Lu], adresse: Any) -> tuple[LettreRecue, ...]:
    """The 48SI among the letters, and whether each went to another address than the dossier's; an erased one says
    nothing any more."""
    recues = []
    for f in lettres:
        if f["reference"] == Reference.L48SI and EMPREINTE not in f:
            jour = next((f[champ] for champ in ETAPES if champ in f), None)
            ailleurs = bool(adresse) and "date_presentation" in f and f.get("adresse", adresse) != adresse
            recues.append(LettreRecue(
                f["id"], f.get("fait"), jour, f.get("issue"), ailleurs, f.get("enregistre_le"),
                f.get("date_presentation") or f.get("date_avis"), f.get("date_notification"),
            ))  # fmt: skip
    return tuple(recues)


FABRIQUES: dict[str, tuple[str, Callable[[Lu, date | None], Any]]] = {
    TypeFait.PERMIS_OBTENU: ("permis", lambda f, k: PermisObtenu(
        f["id"], f["date_obtention"], f["filiere"], k, f.get("categorie", "B"), f.get("echange_de"),
        f.get("date_permis_etranger"),
    )),
    TypeFait.FORMATION_COMPLEMENTAIRE: ("formations", lambda f, k: FormationComplementaire(f["id"], f["date_fin"], k)),
    TypeFait.INFRACTION: ("infractions", lambda f, k: Infraction(
        f["id"], f["date_commission"], f.get("date_definitive"), f["points"], f["nature"], f.get("classe"),
        f.get("groupe"), k, f.get("etablie_par"), f.get("libelle"), f.get("lieu"), f.get("natinf"),
    )),
    TypeFait.INFRACTION_ANNULEE: (
        "annulees",
        lambda f, k: InfractionAnnulee(f["id"], f["infraction"], f["date_decision"], k),
    ),
    TypeFait.STAGE: ("stages", lambda f, k: Stage(f["id"], f["date_fin"], f["nature"], k, f.get("date_debut"))),
    TypeFait.SUSPENSION: ("suspensions", lambda f, k: Suspension(
        f["id"], f["date_debut"], f.get("date_fin"), f.get("nature", Mesure.ADMINISTRATIVE),
        f.get("date_infraction"), k, f.get("motif", MotifSuspension.INFRACTION), f.get("controle_medical"),
    )),
    TypeFait.INVALIDATION: ("fins", _fin("date_notification", TypeFait.INVALIDATION)),
    TypeFait.ANNULATION: ("fins", _fin("date_effet", TypeFait.ANNULATION)),
    TypeFait.ECHANGE: ("fins", _fin("date_echange", TypeFait.ECHANGE)),
    TypeFait.INTERDICTION_CIRCULER: ("fins", _fin("date_notification", TypeFait.INTERDICTION_CIRCULER)),
    TypeFait.DECES: ("deces", lambda f, k: Deces(f["id"], f["date_deces"], k)),
    TypeFait.PERMIS_ETRANGER: (
        "etrangers",
        lambda f, k: PermisEtranger(f["id"], f["date_debut"], f.get("pays"), f.get("date_fin"), k),
    ),
    TypeFait.LEVEE: ("levees", lambda f, k: Levee(
        f["id"], f["fait"], f["date_effet"], f["portee"], f.get("motif"), f.get("permis_conserve"), k
    )),
    TypeFait.RETABLISSEMENT: (
        "retablissements",
        lambda f, k: Retablissement(f["id"], f["fait"], f["date_effet"], k),
    ),
    TypeFait.VISITE_MEDICALE: ("visites", lambda f, k: None if "date_visite" not in f or "avis" not in f else Visite(
        f["id"], f["date_visite"], f["avis"], f.get("date_decision"), k, f.get("date_fin_validite")
    )),
    TypeFait.LETTRE: ("lettres", lambda f, k: f),
}  # fmt: skip
