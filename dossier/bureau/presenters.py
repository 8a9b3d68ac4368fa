"""The desk's pages as plain values."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from dossier import presenters
from dossier.bureau.a_trancher import a_trancher
from dossier.bureau.actes import ACTES, RUBRIQUES
from dossier.bureau.actes.formulaire import nommer
from dossier.bureau.decisions import peut_trancher
from dossier.bureau.effet import Droit, Effet, LigneCorrigee, Vue, change_le_dossier, empreinte
from dossier.fabrique import FaitDit
from dossier.models import Decision
from dossier.rules.francais import en_francais, naissance_en_francais, signe
from dossier.rules.mots import bureau as mots
from dossier.rules.mots.conducteur import droit_dit
from dossier.rules.mouvements import titre_de_ligne
from dossier.rules.vocabulaire import IssueLettre, Reference, Regime
from dossier.selectors import Situation, en_lignes
from mespoints.lib.bureau import pages_de_dossier
from mespoints.lib.visiteur import INSTRUCTION, Agent

#: The other fields of a fact, in words, in the order in which they are read.
CHAMPS: dict[str, str] = {
    "reference": "référence",
    "libelle": "",
    "lieu": "lieu",
    "points": "points",
    "nature": "nature",
    "classe": "classe",
    "natinf": "NATINF",
    "groupe": "commise en même temps, repère",
    "date_definitive": "définitive le",
    "etablie_par": "établie par",
    "infraction": "infraction :",
    "fait": "au sujet de :",
    "motif": "motif",
    "date_debut": "commencée le",
    "date_fin": "finie le",
    "date_infraction": "pour une infraction du",
    "agrement": "agrément",
    "portee": "",
    "issue": "",
    "adresse": "adresse utilisée :",
    "permis": "permis visé :",
    "permis_conserve": "permis gardé :",
    "echange_de": "échangé contre :",
    "date_permis_etranger": "obtenu à l'étranger le",
    "pays": "",
    "controle_medical": "",
    "date_decision": "décidée le",
    "date_presentation": "présentée le",
    "date_avis": "avis de passage du",
    "date_notification": "notifiée le",
    "interdiction_mois": "interdiction (mois)",
    "avis": "avis",
    "date_fin_validite": "valable jusqu'au",
    "filiere": "filière",
    "categorie": "catégorie",
    "epreuve": "épreuve",
    "resultat": "résultat",
}
MOTS = {
    **mots.GRAVITES,
    **mots.PREUVES,
    **mots.AVIS,
    **mots.FILIERES,
    **mots.MOTIFS_SUSPENSION,
    **mots.CONTROLES,
    **mots.ISSUES,
    **mots.PORTEES,
    **mots.MOTIFS_LEVEE,
}


def fiche(situation: Situation, agent: Agent, attente: Sequence[Decision] = ()) -> dict[str, Any]:
    """The page of an opened dossier: who, what they have, the ledger, the facts, what may be done."""
    dossier, replay = situation.dossier, situation.replay
    connus = situation.par_id
    doutes = a_trancher(situation) if agent.peut(INSTRUCTION) else []
    tranches = {doute.raison for doute in doutes}
    return {
        "title": f"{' '.join(dossier.prenoms)} {dossier.nom_naissance}",
        "dossier_id": dossier.pk,
        "identite": identite(situation),
        "solde": presenters.solde(situation),
        "mouvements": [
            {
                "date": en_francais(m.date),
                "libelle": m.titre,
                "points": signe(m.points),
                "solde": f"{max(0, m.solde)} / {m.plafond}",
            }
            for m in reversed(replay.mouvements)
        ],
        "prevision": [m.titre + ", le " + en_francais(m.date) for m in replay.prevision],
        "faits": [fait(contenu, connus) for contenu in sorted(situation.faits, key=_jour, reverse=True)],
        "a_trancher": [doute._asdict() | {"titre": ACTES[doute.acte].titre if doute.acte else ""} for doute in doutes],
        "sans_effet": [raison for raison in presenters.sans_effet(situation) if raison not in tranches],
        "rubriques": _rubriques(situation) if agent.peut(INSTRUCTION) else {},
        "decisions": [ligne_de_decision(decision) for decision in attente],
        "peut_enregistrer": agent.peut(INSTRUCTION),
        "annexes": [
            {"adresse": reverse(f"admin:dossier_dossier_{une.nom}", args=[dossier.pk]), "libelle": une.libelle}
            for une in pages_de_dossier()
            if agent.peut(une.pouvoir)
        ],
    }


def _rubriques(situation: Situation) -> dict[str, list[tuple[str, str]]]:
    """What may be recorded in this dossier, by heading: the word of the address, and the title."""
    return {
        rubrique: [(mot, form.titre) for mot, form in actes.items() if form.est_offert(situation)]
        for rubrique, actes in RUBRIQUES.items()
    }


def identite(situation: Situation) -> list[tuple[str, str]]:
    """Label and value of what tells one driver from another."""
    dossier = situation.dossier
    adresse = situation.adresse
    lignes = [
        ("Numéro NEPH", dossier.neph),
        ("Nom de naissance", dossier.nom_naissance),
        ("Nom d'usage", dossier.nom_usage or ""),
        ("Prénoms", ", ".join(dossier.prenoms)),
        ("Date de naissance", naissance_en_francais(dossier.date_naissance)),
        ("Adresse", ", ".join(adresse)),
        ("Département", dossier.departement or "inconnu"),
        ("Catégories", ", ".join(categorie["code"] for categorie in dossier.categories)),
    ]
    return [(nom, valeur) for nom, valeur in lignes if valeur]


def fait(contenu: FaitDit, connus: Mapping[str, FaitDit]) -> dict[str, str]:
    """A fact in words: its day, what it is, the rest in one line. ``connus``: those that it may speak of, by id."""
    nom, champ = mots.FAITS[contenu["type"]]
    dits = [(libelle, contenu[cle]) for cle, libelle in CHAMPS.items() if cle in contenu and cle != champ]
    return {
        "id": contenu["id"],
        "type": contenu["type"],
        "nom": nom,
        "date": _en_francais(contenu.get(champ)),
        "details": " · ".join(f"{libelle} {_en_mots(valeur, connus)}".strip() for libelle, valeur in dits),
    }


def _en_mots(valeur: Any, connus: Mapping[str, FaitDit]) -> str:
    if isinstance(valeur, dict):
        return ", ".join(en_lignes(valeur)) or "inconnue"
    texte = str(valeur)
    return nommer(connus[texte]) if texte in connus else MOTS.get(texte) or _en_francais(texte)


def _en_francais(valeur: Any) -> str:
    """A date of the feed as French writes it; anything else as it is."""
    try:
        return en_francais(date.fromisoformat(str(valeur))) if len(str(valeur)) == 10 else str(valeur or "")
    except ValueError:
        return str(valeur)


def _jour(contenu: FaitDit) -> str:
    return str(contenu.get(mots.FAITS[contenu["type"]][1]) or "")


def cadre_du_conducteur(situation: Situation) -> dict[str, Any]:
    """The frame in which an agent reads the driver's pages: its own addresses, and the way back."""
    cle = situation.dossier.pk
    return {
        "cadre": "bureau/cadre_conducteur.html",
        "retour": reverse("admin:dossier_dossier_fiche", args=[cle]),
        "onglets": {
            "historique": reverse("admin:dossier_dossier_conducteur", args=[cle]),
            "previsionnel": reverse("admin:dossier_dossier_conducteur_previsionnel", args=[cle]),
        },
    }


def effet_en_mots(effet: Effet) -> dict[str, Any]:
    """« L'effet », before and after, and the print by which the form says that this one was shown."""
    return {
        "avant": _cote(effet["avant"]),
        "apres": _cote(effet["apres"]),
        "poses": [_ligne(m) for m in effet["poses"]],
        "corriges": [_ligne(m) for m in effet["corriges"]],
        "lettres": [f"Lettre {lettre['reference']}, à envoyer" for lettre in effet["lettres"]],
        "anomalies": effet["anomalies"],
        "fin_du_maintien": _en_francais(effet.get("fin_du_maintien")),
        "plus_tard": [
            (_en_francais(jour["le"]), _droit_en_mots(jour["avant"]), _droit_en_mots(jour["apres"]))
            for jour in effet.get("plus_tard", [])
        ],
        "change": change_le_dossier(effet),
        "empreinte": empreinte(effet),
    }


def _cote(vue: Vue) -> dict[str, Any]:
    points = "Aucun permis" if vue["points"] is None else f"{vue['points']} / {vue['plafond']}"
    fin = vue["fin_delai_probatoire"]
    return {
        "points": points,
        "etat": droit_dit(
            vue["etat"],
            bool(vue.get("suspensions")),
            etranger=vue.get("regime") == Regime.ETRANGER,
            provisoire=bool(vue.get("provisoire")),
        ).badge,
        "droit": _precisions(vue),
        "probatoire": f"Délai probatoire jusqu'au {_en_francais(fin)}" if fin else "",
        "prevision": [f"{_ligne(m)} (solde {m['solde']})" for m in vue["prevision"]],
    }


def _droit_en_mots(droit: Droit) -> str:
    return " · ".join([mots.ETATS[droit["etat"]], *_precisions(droit)])


def _precisions(droit: Droit) -> list[str]:
    """What the état alone does not say: whose licence, until when, on what condition."""
    dites = ["points d'un permis étranger"] if droit.get("regime") == Regime.ETRANGER else []
    if droit.get("provisoire"):
        dites.append("à titre provisoire, jusqu'au jugement")
    for s in droit.get("suspensions", []):
        depuis, fin = _en_francais(s["depuis"]), _en_francais(s["fin"])
        if s["maintenue"]:
            dites.append(f"suspension du {depuis} maintenue depuis le {fin}, jusqu'à la décision médicale")
        else:
            dites.append(f"suspension du {depuis} {f'au {fin}' if fin else 'sans fin connue'}")
    return dites


def _ligne(m: LigneCorrigee) -> str:
    return f"{_en_francais(m['date'])} : {titre_de_ligne(m['nature'], m['article'])}, {signe(m['points'])}"


def ligne_de_decision(decision: Decision) -> dict[str, Any]:
    """A decision in a list: what, by whom, since when, where it stands."""
    return {
        "adresse": reverse("admin:dossier_decision_fiche", args=[decision.pk]),
        "numero": decision.pk,
        "titre": ACTES[decision.acte].titre,
        "auteur": f"agent n° {decision.auteur}",
        "depuis": decision.proposee_at,
        "statut": decision.get_statut_display(),
    }


def notification(faits: Sequence[FaitDit], situation: Situation) -> list[tuple[str, str]]:
    """Of a 48SI among these facts: what the post did of it, the address used beside the dossier's, what decides."""
    for lettre in faits:
        if lettre.get("reference") == Reference.L48SI and (lettre.get("issue") or lettre.get("adresse")):
            issue, utilisee = lettre.get("issue", ""), lettre.get("adresse")
            ailleurs = utilisee is not None and utilisee != situation.dossier.adresse
            decide = [
                mots.CE_QUI_DECIDE.get(issue, ""),
                mots.AILLEURS if ailleurs and issue != IssueLettre.NPAI else "",
            ]
            return [
                ("Ce que la Poste en a fait", mots.ISSUES.get(issue, "pas encore connu")),
                ("Adresse utilisée", ", ".join(en_lignes(utilisee or {})) or "non connue"),
                ("Adresse du dossier", ", ".join(situation.adresse) or "aucune"),
                ("Ce qui décide", " ".join(filter(None, decide))),
            ]
    return []


def decision_a_trancher(
    decision: Decision, situation: Situation, effet: Effet, agent: Agent, empechement: str = ""
) -> dict[str, Any]:
    """The page of a decision: what is proposed, by whom, what it would change today, and whether that has changed.

    ``empechement``: why it can no longer be recorded, in French.
    """
    attend = decision.statut == Decision.Statut.ATTENTE
    connus = situation.par_id | {contenu["id"]: contenu for contenu in decision.faits}
    return {
        "title": f"Décision n° {decision.pk} : {ACTES[decision.acte].titre.lower()}",
        "decision": ligne_de_decision(decision) | {"piece": decision.piece, "refus": decision.refus},
        "identite": identite(situation),
        "faits": [fait(contenu, connus) for contenu in decision.faits],
        "notification": notification(decision.faits, situation),
        "effet": effet_en_mots(effet),
        "empechement": empechement,
        "a_change": attend and not empechement and effet != decision.effet,
        "en_attente": attend,
        "la_sienne": decision.auteur == agent.numero,
        "peut_trancher": attend and peut_trancher(agent, decision),
    }
