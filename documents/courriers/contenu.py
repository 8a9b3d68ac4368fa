"""What a letter says: 46, 47, 48, 48M, 48N and 48SI, as plain values. Days are civil days in Paris.

A deadline runs from the day on which the letter is received. When the file knows that day the letter gives the last
one; when it does not, the rule, with an example that is computed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from documents.contenus import Identite, Ligne, noms
from dossier.rules.articles import article_lisible
from dossier.rules.francais import ans_en_lettres, en_francais, en_lettres, en_prose, en_toutes_lettres, mois_en_lettres
from dossier.rules.francais import points as nombre_de_points
from dossier.rules.invalidation import dernier_jour_de_remise
from dossier.rules.lettre import RETRAITS
from dossier.rules.mots import complet
from dossier.rules.mots.conducteur import PREUVES_DITES, remboursement_de_l_amende
from dossier.rules.mots.document import OBJETS, PREUVES
from dossier.rules.parametres import (
    JOURS_FRANCS_REMISE,
    NOUVEAU_PERMIS_MOIS,
    NOUVEAU_PERMIS_RECIDIVE_MOIS,
    RECIDIVE_ANS,
    RECOURS_MOIS,
    SEUIL_48M,
    STAGE_OBLIGATOIRE_MOIS,
    STAGE_OBLIGATOIRE_POINTS,
    STAGE_POINTS,
)
from dossier.rules.recours import dernier_jour_de_recours
from dossier.rules.stage import limite_stage_obligatoire, sanction_du_defaut
from dossier.rules.vocabulaire import Reference, Regime

SUIVRE_LE_STAGE = "Suivre le stage obligatoire"
ACHEMINEMENT = timedelta(days=3)  # of the example: from the day of issue to that of receipt


@dataclass(frozen=True, slots=True)
class Perte:
    """An offence that took points: what the 48SI recalls, oldest first."""

    date: str
    nature: str
    lieu: str
    etablie: str
    points: str


@dataclass(frozen=True, slots=True)
class Mouvement:
    """The line of the ledger that the letter tells."""

    jour: date
    points: int
    solde: int
    plafond: int
    article: str
    explication: str


@dataclass(frozen=True, slots=True)
class Courrier:
    """A letter. ``delais``: what is to be done, and until when."""

    numero: str
    reference: str
    emis_at: datetime
    neph: str
    identite: Identite
    adresse: tuple[str, ...]
    mouvement: Mouvement
    paragraphes: tuple[str, ...]
    pertes: tuple[Perte, ...]
    delais: tuple[Ligne, ...]

    @property
    def cree_at(self) -> datetime:
        return self.emis_at

    @property
    def objet(self) -> str:
        return OBJETS[self.reference]

    @property
    def date(self) -> str:
        return en_lettres(self.emis_at.date())

    @property
    def destinataire(self) -> tuple[str, ...]:
        """As on an envelope; some états civils have no given name."""
        qui = self.identite
        return (" ".join([*qui.prenoms[:1], qui.nom_usage or qui.nom_naissance]), *self.adresse)

    @property
    def lignes_dossier(self) -> tuple[Ligne, ...]:
        return (
            ("Numéro de dossier (NEPH)", self.neph),
            *noms(self.identite),
            ("Date de naissance", self.identite.naissance),
        )

    @property
    def lignes_mouvement(self) -> tuple[Ligne, ...]:
        m = self.mouvement
        mot = "Points retirés" if m.points < 0 else "Points rendus"
        return (
            (mot, str(abs(m.points))),
            ("Date d'effet", en_francais(m.jour)),
            ("Solde", f"{max(0, m.solde)} sur {m.plafond}"),
            ("Texte appliqué", article_lisible(m.article)),
        )

    @property
    def portee(self) -> str:
        return "Gardez cette lettre. Elle n'est pas un titre de conduite."


def relire(contenu: Mapping[str, Any]) -> Courrier:
    """The letter that was issued, from what the row keeps of it."""
    identite, mouvement = contenu["identite"], contenu["mouvement"]
    return Courrier(
        numero=contenu["numero"],
        reference=contenu["reference"],
        emis_at=datetime.fromisoformat(contenu["emis_at"]),
        neph=contenu["neph"],
        identite=Identite(**{**identite, "prenoms": tuple(identite["prenoms"])}),
        adresse=tuple(contenu["adresse"]),
        mouvement=Mouvement(**{**mouvement, "jour": date.fromisoformat(mouvement["jour"])}),
        paragraphes=tuple(contenu["paragraphes"]),
        pertes=tuple(Perte(**perte) for perte in contenu["pertes"]),
        delais=tuple((quoi, quand) for quoi, quand in contenu["delais"]),
    )


def paragraphes(
    reference: str, m: Mouvement, infraction: Mapping[str, Any] | None, *, etranger: bool = False
) -> tuple[str, ...]:
    """The body of a letter; ``etranger``: a foreign licence carries the points."""
    dits = [_evenement(m, infraction) if reference in RETRAITS and infraction else m.explication]
    if reference != Reference.L48SI:
        dits.append(f"Votre solde est maintenant de {nombre_de_points(max(0, m.solde))} sur {m.plafond}.")
    sans_point = SUITES_SANS_POINT[Regime.ETRANGER if etranger else Regime.FRANCAIS] if m.solde <= 0 else {}
    suites = sans_point.get(reference, SUITES[reference])
    chiffres = _chiffres(m.jour)
    dits += [suite.format_map(chiffres) for suite in suites]
    return tuple(en_prose(dit) for dit in dits if dit)


def _chiffres(jour: date) -> dict[str, Any]:
    """The figures of the law that a letter about this day may say."""
    amende, ans = sanction_du_defaut(jour)
    return {
        "seuil": SEUIL_48M.au(jour),
        "points_du_stage": en_toutes_lettres(STAGE_POINTS.au(jour)),
        "points_du_48n": en_toutes_lettres(STAGE_OBLIGATOIRE_POINTS.au(jour)),
        "remboursement": remboursement_de_l_amende(jour),
        "delai_du_stage": mois_en_lettres(STAGE_OBLIGATOIRE_MOIS.au(jour)),
        "amende": amende,
        "suspension": ans_en_lettres(ans),
        "jours_de_remise": en_toutes_lettres(JOURS_FRANCS_REMISE.au(jour)),
        "attente": mois_en_lettres(NOUVEAU_PERMIS_MOIS.au(jour)),
        "attente_recidive": mois_en_lettres(NOUVEAU_PERMIS_RECIDIVE_MOIS.au(jour)),
        "recidive": ans_en_lettres(RECIDIVE_ANS.au(jour)),
    }


UN_PAR_AN = "Un seul stage rend des points par an."
SUITES: Mapping[str, tuple[str, ...]] = complet(
    Reference,
    {
        Reference.L46: ("Vous n'avez rien à faire.",),
        Reference.L47: ("Vous n'avez rien à faire. " + UN_PAR_AN,),
        Reference.L48: (
            "Ce retrait ne vous empêche pas de conduire. Ces points reviennent sans démarche, si vous ne commettez pas "
            "d'autre infraction.",
        ),
        Reference.L48M: (
            "Ce retrait ne vous empêche pas de conduire, mais il vous reste {seuil} points au plus. Un stage "
            "volontaire de sensibilisation à la sécurité routière rend jusqu'à {points_du_stage} points, une fois par "
            "an.",
        ),
        Reference.L48N: (
            "Vous avez commis cette infraction pendant votre délai probatoire, et elle coûte {points_du_48n} points au "
            "moins : vous devez suivre un stage de sensibilisation à la sécurité routière dans les {delai_du_stage}.",
            "{remboursement} Ne pas le suivre expose à une "
            "amende de {amende} € et à une suspension du permis, {suspension} au plus (article R.\u00a0223-4 "
            "du Code de la route).",
        ),
        Reference.L48SI: (
            "Il ne vous reste aucun point : votre permis de conduire perd sa validité. Vous n'avez plus le droit de "
            "conduire à partir du jour où vous recevez cette lettre.",
            "Vous devez remettre votre permis à votre préfecture dans les {jours_de_remise} jours francs. Un nouveau "
            "permis demande {attente} d'attente après cette remise, {attente_recidive} si un permis a déjà été "
            "invalidé dans les {recidive}, et un examen médical et psychotechnique (article L.\u00a0223-5 du Code de "
            "la route).",
        ),
    },
)


#: Points were given back, and there are none: more were lost than the balance held, and a 48SI is to come.
PAS_ASSEZ = (
    "Ces points ne suffisent pas à retrouver un solde positif : votre permis perd sa validité le jour où la lettre "
    "48SI vous est notifiée."
)
#: A foreign licence is told of an interdiction (L223-10), never of a 48SI.
PAS_ASSEZ_ETRANGER = (
    "Ces points ne suffisent pas à retrouver un solde positif : une interdiction de circuler en France peut vous être "
    "notifiée (article L.\u00a0223-10 du Code de la route)."
)
PLUS_DE_POINTS_EN_FRANCE = (
    "Il ne vous reste aucun point en France : une interdiction de circuler en France peut vous être notifiée (article "
    "L.\u00a0223-10 du Code de la route). Tant qu'elle ne l'est pas, vous pouvez conduire, et un stage volontaire de "
    "sensibilisation à la sécurité routière rend encore jusqu'à {points_du_stage} points."
)
SUITES_SANS_POINT: Mapping[str, Mapping[str, tuple[str, ...]]] = complet(
    Regime,
    {
        Regime.FRANCAIS: {Reference.L46: (PAS_ASSEZ,), Reference.L47: (PAS_ASSEZ, UN_PAR_AN)},
        Regime.ETRANGER: {
            Reference.L46: (PAS_ASSEZ_ETRANGER,),
            Reference.L47: (PAS_ASSEZ_ETRANGER, UN_PAR_AN),
            Reference.L48: (PLUS_DE_POINTS_EN_FRANCE,),
            Reference.L48M: (PLUS_DE_POINTS_EN_FRANCE,),
        },
    },
)


def _evenement(m: Mouvement, infraction: Mapping[str, Any]) -> str:
    """The offence and what it takes, in two sentences."""
    commise = en_francais(date.fromisoformat(infraction["date_commission"]))
    lieu = f" à {infraction['lieu']}" if infraction.get("lieu") else ""
    libelle = f" ({infraction['libelle']})" if infraction.get("libelle") else ""
    etablie = PREUVES_DITES.get(infraction.get("etablie_par") or "")
    comment = f" : {etablie}" if etablie else ""
    return (
        f"L'infraction du {commise}{lieu}{libelle} est devenue définitive le {en_francais(m.jour)}{comment}. "
        f"Elle vous retire {nombre_de_points(-m.points)}."
    )


def delais(reference: str, *, notification: date | None, emission: date, au: date | None = None) -> tuple[Ligne, ...]:
    """What is to be done and until when: R223-4, R223-3 III, R421-1 of the Code de justice administrative.

    With a day ``au``, a deadline that is over is said to be.
    """
    if reference not in RETRAITS:
        return ()
    jour = notification or emission
    stage, recours = (
        mois_en_lettres(STAGE_OBLIGATOIRE_MOIS.au(jour)),
        f"{mois_en_lettres(RECOURS_MOIS.au(jour))} francs",
    )
    francs = f"{en_toutes_lettres(JOURS_FRANCS_REMISE.au(jour))} jours francs"
    jours: list[tuple[str, str, Callable[[date], date], str]] = [
        (Reference.L48N, SUIVRE_LE_STAGE, limite_stage_obligatoire, stage),
        (Reference.L48SI, "Remettre le permis à la préfecture", dernier_jour_de_remise, francs),
        (reference, "Contester devant le tribunal administratif", dernier_jour_de_recours, recours),
    ]
    return tuple(
        (quoi, _echeance(calcul, duree, notification, emission, au))
        for pour, quoi, calcul, duree in jours
        if pour == reference
    )


def _echeance(
    calcul: Callable[[date], date], duree: str, notification: date | None, emission: date, au: date | None
) -> str:
    if notification is not None:
        fin = calcul(notification)
        return f"Délai terminé le {en_lettres(fin)}" if au and fin < au else f"Jusqu'au {en_lettres(fin)} inclus"
    recue = emission + ACHEMINEMENT
    return (
        f"{duree.capitalize()} à compter du jour où vous recevez cette lettre. "
        f"Reçue le {en_lettres(recue)}, par exemple\u00a0: "
        f"jusqu'au {en_lettres(calcul(recue))} inclus"
    )


def pertes(infractions: Sequence[tuple[Mapping[str, Any], int]]) -> tuple[Perte, ...]:
    """The offences that took points, with how many, as the 48SI lists them: oldest first."""
    return tuple(
        Perte(
            date=en_francais(date.fromisoformat(fait["date_commission"])),
            nature=fait.get("libelle") or "Infraction",
            lieu=fait.get("lieu") or "non renseigné",
            etablie=PREUVES.get(fait.get("etablie_par") or "", "non renseigné").partition("\u00a0:")[0],
            points=str(retires),
        )
        for fait, retires in sorted(infractions, key=lambda i: i[0]["date_commission"])
    )
