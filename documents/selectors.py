"""Reading what a document will say, and which were issued. Nothing here writes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from documents.contenus import (
    AttestationDroits,
    Categorie,
    DecisionAttendue,
    Identite,
    Periode,
    ReleveRestreint,
    Restriction,
    SansPermis,
    etat_du_droit,
    fin_de_validite,
    naissance_en_mots,
)
from documents.models import DocumentEmis
from documents.releve import ReleveIntegral, Variation, decisions, periodes_probatoires
from documents.rules.lieux import lieu_en_mots
from documents.rules.mentions import titre_delivre
from documents.rules.permis import restriction_en_mots
from documents.rules.refus import refus
from documents.rules.statut import Statut
from dossier.models import Dossier
from dossier.models import Mouvement as LigneDuLivre
from dossier.rules.articles import article_lisible
from dossier.rules.capital import ETRANGERES
from dossier.rules.francais import en_francais, en_prose, signe
from dossier.rules.mots import document as mots
from dossier.rules.mouvements import Mouvement
from dossier.rules.rejeu import Replay
from dossier.rules.vocabulaire import FINS
from dossier.selectors import Situation, get_situation

SEXES = {"F": "féminin", "M": "masculin"}
HEURE = timedelta(hours=1)


def get_attestation(dossier_id: int, *, now: datetime, numero: str = "") -> AttestationDroits:
    """The ADCS that would be issued to a driver at ``now`` (aware). Raises ``SansPermis`` and ``DecisionAttendue``."""
    situation, emise_at = _a_emettre(dossier_id, now)
    return _attestation(situation, emise_at, numero)


def get_attestation_en_main(dossier_id: int, *, now: datetime) -> AttestationDroits:
    """What an ADCS in hand must still say: the file's état, whether another would be issued or not.

    Raises ``SansPermis``.
    """
    return _attestation(*_situation(dossier_id, now), "")


def _attestation(situation: Situation, emise_at: datetime, numero: str) -> AttestationDroits:
    return AttestationDroits(
        **_droit(situation, emise_at, numero),
        valable_jusqu_au=fin_de_validite(emise_at.date()),
        adresse=tuple(situation.adresse),
    )


def get_releve_restreint(dossier_id: int, *, now: datetime, numero: str = "") -> ReleveRestreint:
    """The RIR of a driver at ``now`` (aware). Raises ``SansPermis`` and ``DecisionAttendue``."""
    situation, emis_at = _a_emettre(dossier_id, now)
    return ReleveRestreint(**_droit(situation, emis_at, numero))


def _situation(dossier_id: int, now: datetime) -> tuple[Situation, datetime]:
    """The facts known at ``now`` and that moment in Paris."""
    instant = timezone.localtime(now)
    return get_situation(dossier_id, au=instant.date()), instant


def _a_emettre(dossier_id: int, now: datetime) -> tuple[Situation, datetime]:
    """The same, for what attests the right to drive: it waits for a decision about a 48SI that may have ended it."""
    situation, instant = _situation(dossier_id, now)
    if situation.replay.lettre_48si is not None:
        raise DecisionAttendue
    return situation, instant


def _droit(situation: Situation, emise_at: datetime, numero: str) -> dict[str, Any]:
    """What the ADCS and the RIR share."""
    dossier, replay = situation.dossier, situation.replay
    pourquoi = refus(replay)
    if pourquoi is not None:
        raise SansPermis(pourquoi)
    etat = etat_du_droit(replay.etat, suspendu=bool(replay.suspensions))
    en_cours = {Periode(s.date_debut, None if maintenue else s.date_fin) for s, maintenue in replay.suspensions}
    limitations = {Periode(s.date_debut, s.date_fin) for s in replay.restrictions}
    return {
        "numero": numero,
        "emise_at": emise_at,
        "etat": etat,
        "suspensions": _par_jour(en_cours),
        "limitations_ead": _par_jour(limitations),
        "neph": dossier.neph,
        "identite": get_identite(dossier),
        "categories": _categories(situation),
    }


def _par_jour(periodes: Iterable[Periode]) -> tuple[Periode, ...]:
    """Oldest first."""
    return tuple(sorted(periodes, key=lambda p: (p.debut, p.fin or date.max)))


def get_releve(dossier_id: int, *, now: datetime, numero: str = "") -> ReleveIntegral:
    """The RII of a driver at ``now`` (aware): everything known that day, the dossier without a licence included."""
    situation, emis_at = _situation(dossier_id, now)
    au = emis_at.date()
    dossier, replay, droit = situation.dossier, situation.replay, situation.droit
    fin = replay.fin_delai_probatoire
    return ReleveIntegral(
        numero=numero,
        emis_at=emis_at,
        etat=droit.badge,
        phrase=en_prose(droit.phrase),
        solde=_solde(replay),
        probatoire=f"jusqu'au {en_francais(fin)}" if fin and fin > au else "aucun en cours",
        neph=dossier.neph,
        identite=get_identite(dossier),
        adresse=tuple(situation.adresse),
        titres=tuple(sorted(map(titre_delivre, dossier.titres), key=lambda t: t.jour or date.min, reverse=True)),
        periodes=periodes_probatoires(replay.licences),
        categories=_categories(situation),
        decisions=decisions(situation.communicables, situation.parcours, replay),
        variations=tuple(_variation(m) for m in reversed(replay.mouvements)),
    )


def _solde(replay: Replay) -> str:
    if replay.points is None:
        return "sans objet"
    if replay.plafond:
        return f"{replay.points} sur {replay.plafond}"
    fin = replay.licences[-1].fin
    etranger = fin is not None and fin.nature in ETRANGERES
    return "0, les points de ce permis étranger ont pris fin" if etranger else "0, ce permis a pris fin"


def _variation(m: Mouvement) -> Variation:
    """A movement as it is printed; the end of a licence, or of a foreign one's points, takes what is left with it."""
    return Variation(
        jour=m.date,
        titre=m.titre,
        points=mots.FINS_DITES[m.nature] if m.nature in FINS else signe(m.points),
        solde=f"{max(0, m.solde)}/{m.plafond}" if m.plafond else "0",
        article=article_lisible(m.article),
    )


def get_identite(dossier: Dossier) -> Identite:
    """The état civil of a dossier, in words."""
    return Identite(
        nom_naissance=dossier.nom_naissance,
        nom_usage=dossier.nom_usage or "",
        prenoms=tuple(dossier.prenoms),
        sexe=SEXES[dossier.sexe],
        naissance=naissance_en_mots(dossier.date_naissance),
        lieu_naissance=lieu_en_mots(dossier.lieu_naissance, dossier.pays_naissance),
    )


def _categories(situation: Situation) -> tuple[Categorie, ...]:
    au = situation.replay.au
    return tuple(
        Categorie(
            code=tenue.code,
            obtenue_le=tenue.obtenue_le,
            valable_jusqu_au=tenue.fin,
            validite=tenue.validite,
            restrictions=tuple(Restriction(c, restriction_en_mots(c, au)) for c in tenue.restrictions),
        )
        for tenue in situation.categories
    )


# --- What was issued --------------------------------------------------------------------------------------------------


def get_emis_du_jour(dossier_id: int, *, genre: str, modele: str, jour: date, par: str) -> DocumentEmis | None:
    """The newest document of this kind issued on a day at the same hands, unless withdrawn or out of date."""
    emis = DocumentEmis.objects.filter(
        dossier_id=dossier_id, genre=genre, modele=modele, jour=jour, par=par, statut=Statut.BON
    )
    return emis.order_by("-emis_at", "-pk").first()


def list_emissions_recentes(dossier_id: int, *, now: datetime, par: str) -> list[datetime]:
    """When the documents that the driver, or agents, had issued in the last hour were made, oldest first."""
    emis = DocumentEmis.objects.filter(dossier_id=dossier_id, par=par, emis_at__gt=now - HEURE)
    return list(emis.order_by("emis_at").values_list("emis_at", flat=True))


def get_rang(dossier_id: int) -> int | None:
    """The newest line of a dossier's ledger; None where it has none."""
    return LigneDuLivre.objects.filter(dossier_id=dossier_id).order_by("-pk").values_list("pk", flat=True).first()
