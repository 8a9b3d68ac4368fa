"""The end of a licence: loss of all points (48SI), judicial annulment; and what follows (L223-1, L223-5, R223-3)."""

from collections.abc import Sequence
from datetime import date
from operator import itemgetter

from dossier.rules.articles import CODE_PENAL_131_10, L223_1_AL3, L223_5_I, L223_5_II, R223_3_III, Article, regle
from dossier.rules.calendrier import jour_ouvrable_suivant, plus_ans, plus_mois, terme_des_jours_francs
from dossier.rules.faits import Anomalie, FinDePermis, Licence, PermisObtenu
from dossier.rules.francais import en_francais
from dossier.rules.parametres import (
    JOURS_FRANCS_REMISE,
    NOUVEAU_PERMIS_MOIS,
    NOUVEAU_PERMIS_RECIDIVE_MOIS,
    RECIDIVE_ANS,
)
from dossier.rules.vocabulaire import TypeFait

FIN_SANS_PERMIS = "Sans effet : aucun permis n'était détenu le {jour}."
AUTRE_CATEGORIE = "Nouvelle catégorie obtenue le {jour} alors qu'un permis est détenu : les points ne changent pas."
SOLDE_POSITIF = "La lettre 48SI a été notifiée le {jour} alors que le solde était de {solde} : à vérifier."


@regle(L223_1_AL3, R223_3_III, CODE_PENAL_131_10)
def suite_des_permis(
    permis: Sequence[PermisObtenu], fins: Sequence[FinDePermis]
) -> tuple[list[Licence], list[Anomalie]]:
    """The licences one after the other, and the facts that change none of them.

    > Lorsque le nombre de points est nul, le permis perd sa validité.

    Only a notified 48SI or a judicial annulment ends a licence; on one day a licence is obtained before one ends, and
    the 48SI comes before the annulment.
    """
    jours: list[tuple[date, int, str, PermisObtenu | FinDePermis]] = [(p.date_obtention, 0, p.id, p) for p in permis]
    jours += [(f.jour, 1 + (f.nature != TypeFait.INVALIDATION), f.id, f) for f in fins]
    jours.sort(key=itemgetter(0, 1, 2))
    licences: list[Licence] = []
    anomalies: list[Anomalie] = []
    detenue = False
    for jour, _, identifiant, fait in jours:
        if isinstance(fait, PermisObtenu):
            if detenue:
                anomalies.append(Anomalie(identifiant, AUTRE_CATEGORIE.format(jour=en_francais(jour))))
            else:
                licences.append(Licence(fait, len(licences), None))
                detenue = True
        elif detenue:
            licences[-1] = licences[-1]._replace(fin=fait)
            detenue = False
        else:
            anomalies.append(Anomalie(identifiant, FIN_SANS_PERMIS.format(jour=en_francais(jour))))
    return licences, anomalies


@regle(R223_3_III, CODE_PENAL_131_10)
def texte_de_la_fin(fin: FinDePermis) -> Article:
    """By which text a licence ends: the 48SI's, or the judge's."""
    return R223_3_III if fin.nature == TypeFait.INVALIDATION else CODE_PENAL_131_10


def fins_en_jour_d_obtention(permis: Sequence[PermisObtenu], fins: Sequence[FinDePermis]) -> list[date]:
    """Days on which a licence is obtained while another one ends: the feed refuses them, the order would be unsaid."""
    licences, _ = suite_des_permis(permis, fins)
    obtentions = {p.date_obtention for p in permis}
    return [
        licence.fin.jour
        for licence in licences
        if licence.fin and licence.fin.jour in obtentions and licence.permis.date_obtention < licence.fin.jour
    ]


@regle(R223_3_III, L223_5_I)
def dernier_jour_de_remise(date_notification: date) -> date:
    """Last day to hand the licence in after a 48SI: ten clear days, moved to a working day.

    > […] dans un délai de dix jours francs à compter de sa réception.

    Neither the day of receipt nor the last one counts: received on J, J + 11.
    """
    return jour_ouvrable_suivant(terme_des_jours_francs(date_notification, JOURS_FRANCS_REMISE.au(date_notification)))


@regle(L223_5_II)
def premier_jour_nouveau_permis(remise: date, notification: date, precedente: date | None) -> date:
    """First day on which a new licence may be issued, once the old one was handed in on ``remise``.

    > Il ne peut obtenir la délivrance d'un nouveau permis de conduire avant l'expiration d'un délai de six mois à
    > compter de la date de remise de son permis au préfet […]. Ce délai est porté à un an lorsqu'un nouveau retrait de
    > la totalité des points intervient dans un délai de cinq ans suivant le précédent.

    ``notification``: of the 48SI that ended this licence; ``precedente``: of the one before, if any.
    """
    recidive = precedente is not None and notification < plus_ans(precedente, RECIDIVE_ANS.au(notification))
    delai = NOUVEAU_PERMIS_RECIDIVE_MOIS if recidive else NOUVEAU_PERMIS_MOIS
    return plus_mois(remise, delai.au(remise))
