"""Reading what a document will say. Nothing here writes."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from documents.contenus import (
    AttestationDroits,
    Categorie,
    Identite,
    Restriction,
    SansPermis,
    etat_du_droit,
    fin_de_validite,
    naissance_en_mots,
    periodes_en_cours,
    validite,
)
from documents.releve import Mention, ReleveIntegral, Variation, mentionner, titre_delivre
from documents.rules.lieux import lieu_en_mots
from documents.rules.permis import restriction_en_mots
from dossier import presenters
from dossier.models import Dossier
from dossier.rules.calendrier import en_francais
from dossier.selectors import Situation, get_situation

SEXES = {"F": "féminin", "M": "masculin"}


def get_attestation(dossier_id: int, *, now: datetime, numero: str = "") -> AttestationDroits:
    """The ADCS of a driver at ``now`` (aware). Raises ``SansPermis``."""
    emise_le = timezone.localtime(now)
    return _attestation(get_situation(dossier_id, au=emise_le.date()), emise_le, numero)


def _attestation(situation: Situation, emise_le: datetime, numero: str) -> AttestationDroits:
    dossier, au, suspensions = situation.dossier, emise_le.date(), situation.parcours.suspensions
    en_cours = periodes_en_cours(suspensions, ead=False, au=au)
    etat = etat_du_droit(situation.replay.etat, suspendu=bool(en_cours))
    if etat is None:
        raise SansPermis
    return AttestationDroits(
        numero=numero,
        emise_le=emise_le,
        valable_jusqu_au=fin_de_validite(au),
        etat=etat,
        suspensions=en_cours,
        limitations_ead=periodes_en_cours(suspensions, ead=True, au=au),
        neph=dossier.neph,
        identite=_identite(dossier),
        adresse=_adresse(dossier.adresse or {}),
        categories=tuple(_categorie(c, au) for c in dossier.categories),
    )


def get_releve(dossier_id: int, *, now: datetime, numero: str = "") -> ReleveIntegral:
    """The RII of a driver at ``now`` (aware): everything known that day, the dossier without a licence included."""
    emis_le = timezone.localtime(now)
    au = emis_le.date()
    situation = get_situation(dossier_id, au=au)
    dossier, replay, etat = situation.dossier, situation.replay, presenters.etat(situation)
    connus = [f for f in situation.faits if not f.get("enregistre_le") or date.fromisoformat(f["enregistre_le"]) <= au]
    fin = replay.fin_delai_probatoire
    return ReleveIntegral(
        numero=numero,
        emis_le=emis_le,
        etat=etat.badge,
        phrase=etat.phrase,
        solde="sans objet" if replay.points is None else f"{replay.points} sur {replay.plafond}",
        probatoire=f"jusqu'au {en_francais(fin)}" if fin and fin > au else "aucun en cours",
        neph=dossier.neph,
        identite=_identite(dossier),
        adresse=_adresse(dossier.adresse or {}),
        titres=_recentes([titre_delivre(titre) for titre in dossier.titres]),
        categories=tuple(_categorie(c, au) for c in dossier.categories),
        mentions=_recentes([mentionner(fait) for fait in connus]),
        variations=tuple(
            Variation(
                m.date, presenters.libelle(m), f"{m.points:+d}".replace("-", "\u2212") if m.points else "0",
                f"{max(0, m.solde)}/{m.plafond}" if m.plafond else "0", presenters.article_lisible(m.article),
            )
            for m in reversed(replay.mouvements)
        ),
    )  # fmt: skip


def _recentes(mentions: list[Mention]) -> tuple[Mention, ...]:
    """The newest first; without a date, last."""
    return tuple(sorted(mentions, key=lambda m: m.jour or date.min, reverse=True))


def _identite(dossier: Dossier) -> Identite:
    return Identite(
        nom_naissance=dossier.nom_naissance,
        nom_usage=dossier.nom_usage or "",
        prenoms=tuple(dossier.prenoms),
        sexe=SEXES[dossier.sexe],
        naissance=naissance_en_mots(dossier.date_naissance),
        lieu_naissance=lieu_en_mots(dossier.lieu_naissance, dossier.pays_naissance),
    )


def _adresse(adresse: dict[str, Any]) -> tuple[str, ...]:
    """The address as it goes on an envelope, empty lines left out."""
    ville = " ".join(filter(None, [adresse.get("code_postal"), adresse.get("commune")]))
    return tuple(ligne for ligne in [*adresse.get("lignes", []), ville] if ligne.strip())


def _categorie(categorie: dict[str, Any], au: date) -> Categorie:
    obtenue_le, fin = _jour(categorie.get("date_obtention")), _jour(categorie.get("date_fin"))
    return Categorie(
        code=categorie["code"],
        obtenue_le=obtenue_le,
        valable_jusqu_au=fin,
        validite=validite(obtenue_le, fin, au),
        restrictions=tuple(Restriction(c, restriction_en_mots(c, au)) for c in categorie.get("restrictions", [])),
    )


def _jour(jour: str | None) -> date | None:
    return date.fromisoformat(jour) if jour else None
