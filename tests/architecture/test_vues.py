"""Each view of ours reads without writing, or is known to write; each public one is known to be.

What an anonymous visitor gets at each address is in ``tests/mespoints/test_adresses.py``, with the list of public ones.
"""

import ast
import importlib
import inspect
from pathlib import Path

from tests.architecture.arbre import APPS, RACINE, code, modules_de_vues, noeuds, nom
from tests.mespoints.adresses import Adresse, adresses
from tests.mespoints.test_adresses import PUBLIQUES

#: Views that answer GET and may write.
ECRIVENT = {
    "account_login": "allauth's view: its POST opens the session",
    "pas_moi": "its POST closes the sessions; tests/accounts/test_securite.py holds its GET to reading",
    "prolonger": "its POST renews the session",
    "deconnecter_partout": "its POST ends the sessions",
    "fermer_compte": "its POST closes the account",
    "account_logout": "the door of allauth's view: its POST ends the session",
    **dict.fromkeys(["account_signup", "creation_etape"], "a POST answers a question; the class guards its GET"),
    **dict.fromkeys(["creation_renvoyer", "signalements"], "a POST asks for a mail"),
    **dict.fromkeys(["signalement_nouveau", "signalement_suivi"], "a POST writes what the driver tells"),
    **dict.fromkeys(
        [
            f"admin:accounts_signalement_{acte}"
            for acte in ("prendre", "rendre", "repondre", "clore", "comparer", "ouvrir", "proposer", "trancher")
        ],
        "only by POST, but « ouvrir », which writes in the session",
    ),
    "admin:accounts_agent_ouvrir": "a POST opens an agent's account",
    **dict.fromkeys(
        [f"admin:accounts_agent_{acte}" for acte in ("changer", "suspendre", "reprendre", "terminer")], "only by POST"
    ),
    "admin:documents_envoi_changelist": "a POST takes letters into a batch",
    "admin:documents_envoi_fiche": "a POST tells the day on which a batch left",
    "admin:documents_envoi_fichier": "only by POST",
    "admin:dossier_dossier_rii": "a POST issues the RII, and writes it in the journal",
    **{"compte_activer": "a POST makes the account", "signalement_ouvrir": "a POST makes the signalement"},
    "compte_fermer_acces": "only by POST",
    **dict.fromkeys(
        ["documents:adcs", "documents:rir", "documents:rii", "documents:courrier"],
        "a POST issues; what shows is readonly",
    ),
    "documents:verification": "a POST keeps the check for the holder",
    "documents:retirer": "only by POST",
    "franceconnect_connexion": "a POST writes the departure down",
    "franceconnect_retour": "the way back from FranceConnect, which comes by GET, opens the session",
    "franceconnect_sortie": "forgets the state of the way out",
    **{"stages:annoncer": "its POST announces a course", "stages:retirer": "only by POST"},
    **dict.fromkeys(["admin:index", "admin:app_list"], "a method of the AdminSite: what it calls is read only"),
    "admin:stages_annoncestage_changelist": "a POST opens a dossier of the list to the session",
    "admin:dossier_dossier_saisir": "a POST records, or submits to a second agent",
    "admin:dossier_decision_fiche": "a POST approves or puts aside",
    "admin:dossier_dossier_changelist": "the desk's search: a POST is counted and written in the journal",
    **dict.fromkeys(["franceconnect_confirmer", "franceconnect_ecarter", "franceconnect_numero"], "only by POST"),
}


def les_notres() -> list[Adresse]:
    """The addresses answered by a function of the project; wrappers give the module of what they wrap."""
    return [adresse for adresse in adresses() if adresse.vue.__module__.partition(".")[0] in {*APPS, "mespoints"}]


def test_le_parcours_voit_nos_vues() -> None:
    vues = {adresse.nom for adresse in les_notres()}
    assert {"accueil", "compte", "dossier:historique", "documents:adcs", "stages:stages", "account_logout"} <= vues


def test_une_vue_ne_peut_pas_ecrire() -> None:
    """``readonly_view`` leaves its mark: whatever such a view calls, PostgreSQL is asked for nothing but to read."""
    libres = {adresse.nom for adresse in les_notres() if not getattr(adresse.vue, "readonly", False)}
    assert libres == set(ECRIVENT)


def test_est_publique_la_vue_qui_le_dit_et_qui_est_dans_la_liste() -> None:
    marquees = {adresse.nom for adresse in les_notres() if not getattr(adresse.vue, "login_required", True)}
    assert marquees == PUBLIQUES & {adresse.nom for adresse in les_notres()}


#: Of the desk's modules but its views, those that know a request.
DEMANDENT = {"dossier/bureau/acces.py": "the door: what the session may look at, and the guard of the pages"}


def test_au_bureau_un_service_prend_l_agent_et_non_la_requete() -> None:
    """What acts is told who asks and why; only what answers knows of HTTP (the admin, the middlewares too)."""
    du_bureau = [
        c for c in code() if {"bureau", "journal.py"} & set(c.parts) and not {"views", "views.py"} & set(c.parts)
    ]
    assert len(du_bureau) > 20
    assert {nom(chemin) for chemin in du_bureau if _connait_la_requete(chemin)} == set(DEMANDENT)


def _connait_la_requete(chemin: Path) -> bool:
    importes = {alias.name for n in noeuds(chemin) if isinstance(n, ast.ImportFrom) for alias in n.names}
    arguments = {n.arg for n in noeuds(chemin) if isinstance(n, ast.arg)}
    return bool({"HttpRequest", "agent_de"} & importes) or "request" in arguments


def test_toute_adresse_a_un_nom() -> None:
    assert [adresse.chemin for adresse in les_notres() if adresse.nom.rpartition(":")[2] in {"", "None"}] == []


def test_toute_vue_a_une_adresse() -> None:
    """A view that no address leads to would be dead code, or forgotten; error pages have none."""
    routees = {(adresse.vue.__module__, adresse.vue.__qualname__) for adresse in les_notres()}
    for chemin in modules_de_vues():
        if chemin.name == "errors.py":
            continue
        module = importlib.import_module(chemin.relative_to(RACINE).with_suffix("").as_posix().replace("/", "."))
        vues = {
            (module.__name__, fonction)
            for fonction, objet in vars(module).items()
            if inspect.isfunction(objet) and objet.__module__ == module.__name__ and not fonction.startswith("_")
        }
        assert vues <= routees, nom(chemin)
