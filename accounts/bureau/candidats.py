"""What we know of a signalement: the dossiers it may be about, what matches and what does not, and why.

Nothing here decides: two agents do. Of a dossier of another prefecture, that there is one is all that is shown.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from accounts.bureau.acces import pourquoi
from accounts.franceconnect.rattachement import lire_pivot
from accounts.identite import SEXES, Accord, Comparaison, Pivot, comparer, decouper_prenoms
from accounts.models import IdentiteFranceConnect, Rattachement, Signalement
from dossier.bureau.ouvrables import AUTRE_DEPARTEMENT, LE_SIEN, raison_du_refus
from dossier.journal import Acte, Trace
from dossier.models import Dossier
from dossier.rules.francais import naissance_en_francais
from dossier.selectors import ETAT_CIVIL, EtatCivil, etat_civil, get_etat_civil, list_etats_civils
from mespoints.lib.visiteur import Agent

#: Dossiers compared on one page; the number or an exact identity finds any other.
MONTRES = 5
#: Why nothing of a dossier is shown, beside others.
FERMES = {
    AUTRE_DEPARTEMENT: "Il relève d'une autre préfecture.",
    LE_SIEN: "C'est le vôtre : un agent ne traite pas son propre dossier.",
}


class Critere(NamedTuple):
    """One criterion: what the person says, what the file holds, whether they agree, and why we say so."""

    nom: str
    dit: str
    su: str
    accord: Accord
    raison: str = ""


class Candidat(NamedTuple):
    """A dossier that may be the one. With a ``refus``, nothing of it is shown but whose it is."""

    dossier_id: int
    neph: str
    pourquoi: str
    criteres: tuple[Critere, ...]
    comptes: tuple[Rattachement, ...]
    refus: str = ""

    @property
    def contraires(self) -> int:
        return sum(critere.accord is Accord.CONTRAIRE for critere in self.criteres)


def lire_identite(signalement: Signalement) -> Pivot | None:
    """Who the person says to be: as FranceConnect says it, else as typed; None when they only signed in."""
    if signalement.user_id:
        identite = IdentiteFranceConnect.objects.filter(user_id=signalement.user_id).first()
        if identite and (pivot := lire_pivot(identite)):
            return pivot
    contenu = signalement.contenu
    if not contenu.get("nom_naissance"):
        return None
    prenoms = contenu.get("prenoms") or []
    if isinstance(prenoms, str):
        prenoms = decouper_prenoms(prenoms)
    return Pivot(contenu["nom_naissance"], prenoms, contenu["date_naissance"], "", "", "", "")


def rapprocher(agent: Agent, signalement: Signalement, *, compare: int | None) -> list[Candidat]:
    """The dossiers to look at: those that somebody points at, then their homonyms, the likeliest first.

    ``compare``: one that this agent searched for it.
    """
    dit = lire_identite(signalement)
    designes = _designer(signalement, compare)
    trouves = _du_meme_nom(dit) | designes
    if dit is None and signalement.motif == Signalement.Motif.AUTRE_PERSONNE and signalement.dossier_id:
        trouves |= _homonymes(signalement.dossier_id, trouves)
    dossiers = {d.pk: d for d in Dossier.objects.only("neph", "departement", *ETAT_CIVIL).filter(pk__in=trouves)}
    comptes = _comptes(list(trouves))
    candidats = [
        _candidat(agent, dossiers[cle], pourquoi, dit, signalement, comptes.get(cle, ()))
        for cle, pourquoi in trouves.items()
        if cle in dossiers
    ]
    return sorted(candidats, key=lambda c: (c.dossier_id not in designes, bool(c.refus), c.contraires))[:MONTRES]


def traces(signalement: Signalement, candidats: Sequence[Candidat]) -> list[Trace]:
    """What a look at them is worth: a row for each that is shown, one for the signalement alone when none is."""
    vus: list[int | None] = [candidat.dossier_id for candidat in candidats if not candidat.refus]
    return [Trace(Acte.SIGNALEMENT, vu, pourquoi(signalement)) for vu in vus or [None]]


def _designer(signalement: Signalement, compare: int | None) -> dict[int, str]:
    """Those that the signalement, its account or the agent point at: never cut from the page by mere homonyms."""
    trouves: dict[int, str] = {}
    if signalement.dossier_id:
        propre = signalement.motif in Signalement.DU_DOSSIER
        trouves[signalement.dossier_id] = "dossier du conducteur" if propre else "numéro donné"
    if signalement.user_id:
        lies = Rattachement.objects.filter(user_id=signalement.user_id, revoked_at=None)
        trouves |= dict.fromkeys(lies.values_list("dossier_id", flat=True), "rattaché à son compte") | trouves
    if compare:
        trouves.setdefault(compare, "cherché par un agent")
    return trouves


def _du_meme_nom(dit: Pivot | None) -> dict[int, str]:
    """The dossiers of the name that the person says, whose birth date is not another one."""
    if dit is None:
        return {}
    connus = list_etats_civils(nom=dit.nom, annee=dit.date[:4])
    proches = [connu for connu in connus if comparer(dit, connu).date is not Accord.CONTRAIRE]
    return {connu.dossier_id: "mêmes nom et date de naissance" for connu in proches}


def _homonymes(dossier_id: int, deja: dict[int, str]) -> dict[int, str]:
    """The dossiers of the same name and birth date as this one: what is mixed comes from one of them."""
    connu = get_etat_civil(pk=dossier_id)
    if connu is None:
        return {}
    return {
        autre.dossier_id: "mêmes nom et date de naissance que le dossier du conducteur"
        for autre in list_etats_civils(nom=connu.nom_naissance, annee=connu.date_naissance[:4])
        if autre.dossier_id not in deja and autre.date_naissance == connu.date_naissance
    }


def _comptes(ids: list[int]) -> dict[int, tuple[Rattachement, ...]]:
    actifs = Rattachement.objects.filter(dossier_id__in=ids, revoked_at=None).select_related("user")
    par_dossier: dict[int, tuple[Rattachement, ...]] = {}
    for lien in actifs.order_by("created_at", "pk"):
        par_dossier[lien.dossier_id] = (*par_dossier.get(lien.dossier_id, ()), lien)
    return par_dossier


def _candidat(
    agent: Agent, dossier: Dossier, pourquoi: str, dit: Pivot | None, signalement: Signalement, comptes: Any
) -> Candidat:
    if raison := raison_du_refus(agent, dossier.pk, dossier.departement):
        return Candidat(dossier.pk, "", pourquoi, (), (), FERMES[raison])
    criteres = _criteres(dit, etat_civil(dossier), signalement.contenu.get("neph", ""), dossier.neph) if dit else ()
    return Candidat(dossier.pk, dossier.neph, pourquoi, tuple(criteres), tuple(comptes))


# --- The reasons ------------------------------------------------------------------------------------------------------

RAISONS: dict[tuple[str, Accord], str] = {
    ("Prénoms", Accord.COMPATIBLE): "le premier prénom est le même, écrit autrement ou avec un autre",
    ("Prénoms", Accord.INCONNU): "aucun prénom n'a été donné",
    ("Date de naissance", Accord.COMPATIBLE): "le fichier ignore le jour ou le mois",
    ("Lieu de naissance", Accord.COMPATIBLE): "le même lieu sous un autre code, ou le même pays",
    ("Lieu de naissance", Accord.INCONNU): "l'un des deux ne le dit pas, ou son code a changé de sens",
    ("Sexe", Accord.INCONNU): "la personne ne l'a pas dit",
}


def _criteres(dit: Pivot, connu: EtatCivil, numero: str, neph: str) -> list[Critere]:
    c = comparer(dit, connu)
    dite, sue = naissance_en_francais(dit.date_brute or dit.date), naissance_en_francais(connu.date_naissance)
    lignes = [
        ("Nom de naissance", dit.nom, connu.nom_naissance, c.nom, _usage(c)),
        ("Prénoms", " ".join(dit.prenoms), " ".join(connu.prenoms), c.prenoms, ""),
        ("Date de naissance", dite, sue, c.date, ""),
        ("Lieu de naissance", _lieu(dit.commune, dit.pays), _lieu(connu.commune, connu.pays), c.lieu, ""),
        ("Sexe", SEXES.get(dit.sexe, ""), connu.sexe, c.sexe, ""),
    ]
    criteres = [
        Critere(nom, avant, su, accord, raison or RAISONS.get((nom, accord), ""))
        for nom, avant, su, accord, raison in lignes
    ]
    if numero:
        accord = Accord.EGAL if numero == neph else Accord.CONTRAIRE
        criteres.insert(0, Critere("Numéro NEPH", numero, neph, accord))
    return criteres


def _usage(comparaison: Comparaison) -> str:
    return "les noms d'usage sont les mêmes" if comparaison.usage else ""


def _lieu(commune: str | None, pays: str | None) -> str:
    """Codes of the Insee: what the national file and FranceConnect hold."""
    return " ".join(filter(None, [commune, f"pays {pays}" if pays and pays != "99100" else ""]))
