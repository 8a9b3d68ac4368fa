"""The right to drive is suspended, kept up after the last day, or restricted."""

from collections.abc import Iterator

from dossier.presenters.suites.formes import GRAVE, PRUDENCE, Alerte, Etape
from dossier.rules.calendrier import UN_JOUR, plus_mois
from dossier.rules.faits import Suspension
from dossier.rules.francais import en_lettres, mois_en_lettres
from dossier.rules.parametres import PSYCHOTECHNIQUE_MOIS
from dossier.rules.vocabulaire import Etat, Mesure
from dossier.selectors import Situation

AUCUN_POINT = "Une suspension ne retire aucun point et n'arrête aucun délai : vos points restent ceux ci-dessous."


def suspendu(situation: Situation) -> Iterator[Alerte]:
    replay = situation.replay
    for suspension, maintenue in replay.suspensions[:1]:
        if replay.etat not in (Etat.SUSPENDU, Etat.SOLDE_NUL):
            return
        qui = "par décision d'un juge" if suspension.nature == Mesure.JUDICIAIRE else "par décision du préfet"
        if maintenue:
            yield _suspension_maintenue(suspension, qui)
            return
        if suspension.date_fin:
            duree = f"jusqu'au {en_lettres(suspension.date_fin)} inclus"
        else:
            duree = "sans date de fin connue : votre préfecture vous renseigne"
        yield Alerte(
            "Votre permis est suspendu : vous ne pouvez pas conduire",
            [
                f"Il est suspendu depuis le {en_lettres(suspension.date_debut)}, {qui}, {duree}.",
                AUCUN_POINT,
            ],
            GRAVE,
        )


def _suspension_maintenue(suspension: Suspension, qui: str) -> Alerte:
    """Its last day has passed, and the driver believes that he may drive: he may not."""
    assert suspension.date_fin is not None
    return Alerte(
        "Votre permis est toujours suspendu : vous ne pouvez pas conduire",
        [
            f"Il l'a été du {en_lettres(suspension.date_debut)} au {en_lettres(suspension.date_fin)}, {qui}. "
            "Ce jour est passé, mais la suspension est maintenue : elle prend fin quand le préfet vous reconnaît apte, "
            "après un contrôle médical (article R.\u00a0221-14-1 du Code de la route).",
            "Prenez rendez-vous : devant la commission médicale de votre préfecture si l'alcool ou les stupéfiants "
            "sont en cause, chez un médecin agréé par la préfecture sinon. Apportez votre pièce d'identité, la "
            f"décision de suspension et le formulaire d'avis médical.{_tests(suspension)}",
            "Vous l'avez déjà vu ? Demandez la décision à votre préfecture : elle n'est pas encore enregistrée.",
            AUCUN_POINT,
        ],
        GRAVE,
    )


def restriction(situation: Situation) -> Iterator[Alerte]:
    for r in situation.replay.restrictions:
        jusque = f"jusqu'au {en_lettres(r.date_fin)} inclus" if r.date_fin else "jusqu'à nouvelle décision"
        yield Alerte(
            "Vous ne pouvez conduire qu'un véhicule équipé d'un éthylotest antidémarrage",
            [f"Cette restriction court depuis le {en_lettres(r.date_debut)}, {jusque}."],
            PRUDENCE,
        )


def etape_suspension(situation: Situation) -> list[Etape]:
    """The day on which the right to drive comes back; an open suspension has none."""
    en_cours = situation.replay.suspensions
    fins = [s.date_fin for s, _ in en_cours if s.date_fin is not None]
    if not en_cours:
        return []
    maintenue = any(maintenue for _, maintenue in en_cours)
    if maintenue or len(fins) < len(en_cours):
        levee = "Passez le contrôle médical" if maintenue else "Attendez que la suspension soit levée par écrit"
        return [Etape("Avant de reprendre le volant", f"{levee}.", True)]
    texte = "Votre suspension prend fin. Une visite médicale peut vous être demandée avant : préparez-la."
    return [Etape(f"Le {en_lettres(max(fins) + UN_JOUR)}", texte, True)]


def _tests(suspension: Suspension) -> str:
    """R224-21: after six months or more, the doctor speaks once the tests are done."""
    fin = suspension.date_fin
    if fin is None or fin + UN_JOUR < plus_mois(suspension.date_debut, PSYCHOTECHNIQUE_MOIS.au(fin)):
        return ""
    mois = mois_en_lettres(PSYCHOTECHNIQUE_MOIS.au(fin))
    return f" Elle a duré {mois} ou plus : un examen psychotechnique est aussi demandé (article R.\u00a0224-21)."
