"""The desk's pages about the signalements, as plain values."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.timezone import localdate, localtime

from accounts.bureau.acces import GENRES
from accounts.bureau.candidats import Candidat
from accounts.bureau.propositions import nommer
from accounts.compte.presenters import ORIGINES
from accounts.identite import Accord
from accounts.models import MessageSignalement, PropositionLien, Signalement
from dossier.bureau.ouvrables import raison_du_refus
from dossier.rules.francais import en_lettres, naissance_en_francais
from mespoints.lib.visiteur import VALIDATION, Agent

#: What we set ourselves: an answer within fifteen days. Later, the signalement presses.
OBJECTIF = timedelta(days=15)
CACHE = "dossier qui n'est pas montré"


class LigneDeFile(NamedTuple):
    """A row of the queue: nothing of who wrote."""

    pk: int
    reference: str
    genre: str
    motif: str
    statut: str
    age: str
    suivi: str
    presse: bool
    lien: bool


def file(lignes: Iterable[Any], agent: Agent) -> list[LigneDeFile]:
    """The queue; ``liens`` was counted on each."""
    return [
        LigneDeFile(
            s.pk, s.reference, genre(s.motif), s.get_motif_display(), s.get_statut_display(), age(s.created_at),
            suivi(s, agent), est_en_retard(s), bool(s.liens),
        )
        for s in lignes
    ]  # fmt: skip


def genre(motif: str) -> str:
    return next(libelle for libelle, motifs in GENRES.values() if motif in motifs)


def est_en_retard(signalement: Signalement) -> bool:
    attend = signalement.statut in {Signalement.Statut.RECU, Signalement.Statut.EN_COURS}
    return attend and localdate() - localdate(signalement.created_at) > OBJECTIF


def age(depuis: datetime) -> str:
    """How long ago, in words, by civil days."""
    jours = (localdate() - localdate(depuis)).days
    if jours < 2:
        return "hier" if jours == 1 else "aujourd'hui"
    return f"il y a {jours}\u00a0jours" if jours < 60 else f"il y a {jours // 30}\u00a0mois"


def suivi(signalement: Signalement, agent: Agent) -> str:
    if signalement.agent_id is None:
        return "personne"
    return "vous" if signalement.agent_id == agent.numero else f"agent n° {signalement.agent_id}"


def quand(instant: datetime) -> str:
    local = localtime(instant)
    return f"{en_lettres(local.date())} à {local:%H}\u00a0h\u00a0{local:%M}"


def fiche(signalement: Signalement, agent: Agent) -> dict[str, Any]:
    """The head of the page, what the driver wrote, the exchange."""
    a_vous = signalement.agent_id == agent.numero
    statut = signalement.statut
    return {
        "title": f"Signalement {signalement.reference}",
        "signalement": signalement,
        "genre": genre(signalement.motif),
        "age": age(signalement.created_at),
        "presse": est_en_retard(signalement),
        "suivi": suivi(signalement, agent),
        "a_vous": a_vous,
        "peut_prendre": not a_vous and statut != Signalement.Statut.CLOS,
        "peut_rendre": a_vous and statut == Signalement.Statut.EN_COURS,
        "peut_repondre": a_vous and statut != Signalement.Statut.CLOS,
        "peut_clore": a_vous and statut == Signalement.Statut.REPONDU,
        "recu": quand(signalement.created_at),
        "saisie": saisie(signalement),
    }


def saisie(signalement: Signalement) -> list[tuple[str, str]]:
    """What was typed, or what FranceConnect said, then; and the account it comes from."""
    contenu = signalement.contenu
    prenoms = contenu.get("prenoms") or ""
    lignes = [
        ("Numéro NEPH", contenu.get("neph", "")),
        ("Nom de naissance", contenu.get("nom_naissance", "")),
        ("Prénoms", prenoms if isinstance(prenoms, str) else " ".join(prenoms)),
        ("Date de naissance", naissance_en_francais(contenu.get("date_naissance", ""))),
        ("Compte", nommer(signalement.user) if signalement.user else "aucun"),
        ("Réponse annoncée par courriel", "oui" if signalement.email else "non : aucune adresse connue"),
    ]
    return [(nom, valeur) for nom, valeur in lignes if valeur]


class Echange(NamedTuple):
    """A message, on either side."""

    du_conducteur: bool
    qui: str
    quand: str
    texte: str


def echange(messages: Iterable[MessageSignalement], agent: Agent) -> list[Echange]:
    """The exchange as an agent reads it: colleagues by their number."""
    return [
        Echange(
            m.agent_id is None,
            "Le conducteur" if m.agent_id is None else _qui(m.agent_id, agent).capitalize(),
            quand(m.created_at),
            m.texte,
        )
        for m in messages
    ]  # fmt: skip


ACCORDS = {
    Accord.EGAL: "identique",
    Accord.COMPATIBLE: "compatible",
    Accord.INCONNU: "on ne sait pas",
    Accord.CONTRAIRE: "différent",
}


def candidats(trouves: Iterable[Candidat], signalement: Signalement) -> list[dict[str, Any]]:
    """Each dossier with its verdict, its criteria and the accounts that open it."""
    return [
        {
            "dossier_id": c.dossier_id,
            "titre": f"Dossier {c.neph}" if c.neph else f"Un {CACHE}",
            "pourquoi": c.pourquoi,
            "refus": c.refus,
            "verdict": verdict(c),
            "criteres": [
                {
                    "nom": critere.nom, "dit": critere.dit or "–", "su": critere.su or "–",
                    "accord": ACCORDS[critere.accord], "raison": critere.raison,
                    "contraire": critere.accord is Accord.CONTRAIRE,
                }
                for critere in c.criteres
            ],
            "comptes": [
                {
                    "nom": nommer(lien.user), "origine": ORIGINES[lien.origine], "depuis": quand(lien.created_at),
                    "du_signalement": lien.user_id == signalement.user_id,
                }
                for lien in c.comptes
            ],
        }
        for c in trouves
    ]  # fmt: skip


def verdict(candidat: Candidat) -> str:
    """In one sentence, what speaks against it."""
    if not candidat.criteres:
        return ""
    contraires = [_dans_la_phrase(critere.nom) for critere in candidat.criteres if critere.accord is Accord.CONTRAIRE]
    if contraires:
        return f"Ne s'accorde pas : {', '.join(contraires)}."
    douteux = [_dans_la_phrase(critere.nom) for critere in candidat.criteres if critere.accord is not Accord.EGAL]
    return f"Rien ne s'oppose ; à vérifier : {', '.join(douteux)}." if douteux else "Tout s'accorde."


def _dans_la_phrase(nom: str) -> str:
    """« Numéro NEPH » inside a sentence."""
    return nom[:1].lower() + nom[1:]


def propositions(lues: Iterable[PropositionLien], agent: Agent) -> list[dict[str, Any]]:
    """The proposals with who, why and what became of them; of a dossier that is not shown, nothing that was written."""
    return [_proposition(p, agent, cachee=_est_cachee(p, agent)) for p in lues]


def _est_cachee(p: PropositionLien, agent: Agent) -> bool:
    return bool(p.dossier and raison_du_refus(agent, p.dossier.pk, p.dossier.departement))


def _proposition(p: PropositionLien, agent: Agent, *, cachee: bool) -> dict[str, Any]:
    attend = p.statut == PropositionLien.Statut.ATTENTE
    return {
        "pk": p.pk,
        "titre": f"{p.get_nature_display()} ({f'un {CACHE}' if cachee else _vise(p)})",
        "raisons": "" if cachee else p.raisons,
        "auteur": f"Proposé par {_qui(p.auteur_id, agent)}, le {quand(p.proposee_at)}",
        "a_trancher": attend and not cachee and agent.peut(VALIDATION) and p.auteur_id != agent.numero,
        "issue": _issue(p, refus="" if cachee else p.refus),
    }


def _qui(numero: int, agent: Agent) -> str:
    return "vous" if numero == agent.numero else f"l'agent n° {numero}"


def _vise(p: PropositionLien) -> str:
    compte = nommer(p.compte) if p.compte else "un compte à faire pour l'adresse du signalement"
    return f"{compte}, dossier {p.dossier.neph}" if p.dossier else compte


def _issue(p: PropositionLien, *, refus: str) -> str:
    if p.statut == PropositionLien.Statut.ATTENTE or p.tranchee_at is None:
        return "Attend un second agent"
    suite = f" : {refus}" if refus else ""
    return f"{p.get_statut_display()} par l'agent n° {p.second_id}, le {quand(p.tranchee_at)}{suite}"
