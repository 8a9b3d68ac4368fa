"""Each way in which a licence may stand, and what the documents make of it: a word, or a refusal that says why."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now

from documents.contenus import SansPermis, etat_du_droit
from documents.models import DocumentEmis
from documents.rules.refus import Refus, expliquer
from documents.rules.statut import Statut
from documents.selectors import get_attestation, get_releve, get_releve_restreint
from documents.tasks import revoir_les_statuts
from dossier.rules.mots import complet
from dossier.rules.vocabulaire import Etat
from dossier.services import record_faits
from tests.documents.attestations import emettre
from tests.documents.dossiers import ANNULATION, CATEGORIES, INVALIDATION, PERTE, SOLDE_NUL, client_of, make_dossier
from tests.rules.fabrique import deces, echange, etranger, interdiction, levee, retablie, suspension, visite

pytestmark = pytest.mark.django_db


def jour(decalage: int = 0) -> str:
    return (localdate() + timedelta(days=decalage)).isoformat()


Fait = dict[str, Any]
E1 = etranger("2020-05-01")
ETATS: dict[str, tuple[list[Fait], bool, str | Refus]] = dict(
    complet(
        Etat,
        {
            Etat.VALIDE: ([], True, "valide"),
            Etat.SOLDE_NUL: (SOLDE_NUL, True, "valide"),
            Etat.SUSPENDU: ([suspension(jour(-3), None)], True, "suspendu"),
            Etat.INVALIDE: ([INVALIDATION], True, "invalidé"),
            Etat.ANNULE: ([ANNULATION], True, "annulé"),
            Etat.SANS_PERMIS: ([], False, Refus.SANS_PERMIS),
            Etat.ECHANGE: ([echange("2025-03-02")], True, Refus.ECHANGE),
            Etat.INTERDIT: ([E1, interdiction(jour(-30))], False, Refus.INTERDIT),
            Etat.DECEDE: ([deces("2025-03-02")], True, Refus.DECEDE),
        },
    )
)
#: What the état alone does not tell.
AUTRES: dict[str, tuple[list[Fait], bool, str | Refus]] = {
    "nul et suspendu": ([*SOLDE_NUL, suspension(jour(-3), None)], True, "suspendu"),
    "suspension maintenue": ([suspension("2026-01-10", jour(-2), controle_medical="requis")], True, "suspendu"),
    "annulation suspendue par un juge": ([ANNULATION, levee("a1", jour(-3), "provisoire")], True, "valide"),
    "annulation effacée": ([ANNULATION, levee("a1", jour(-3))], True, "valide"),
    "étranger": ([E1], False, Refus.ETRANGER),
    "étranger sans point": ([E1, *SOLDE_NUL], False, Refus.ETRANGER),
    "étranger suspendu": ([E1, suspension(jour(-3), None)], False, Refus.ETRANGER),
    "étranger repris par un permis français": ([etranger("1998-05-01")], True, "valide"),
    "incomplet": ([PERTE], False, Refus.INCOMPLET),
    "permis étranger qui ne compte plus": ([etranger("2020-05-01", "2025-01-01")], False, Refus.SANS_PERMIS),
}


@pytest.mark.parametrize(("faits", "permis", "attendu"), (ETATS | AUTRES).values(), ids=list(ETATS | AUTRES))
def test_l_adcs_et_le_rir_suivent_l_etat_et_le_rii_le_dit(faits: list[Fait], permis: bool, attendu: str) -> None:
    dossier_id = make_dossier(*faits, permis=permis, categories=CATEGORIES if permis else [])
    lus = []
    for lire in (get_attestation, get_releve_restreint):
        try:
            lus.append(str(lire(dossier_id, now=now()).etat))
        except SansPermis as sans:
            lus.append(str(sans.pourquoi))
    assert lus == [attendu, attendu]
    rii = get_releve(dossier_id, now=now())
    assert len(rii.decisions) == len(faits) + permis
    assert rii.phrase.endswith(".")


def test_le_refus_et_le_mot_d_un_etat_s_excluent() -> None:
    for etat, (_, _, attendu) in ETATS.items():
        assert (etat_du_droit(etat, suspendu=False) is None) is isinstance(attendu, Refus), etat


PAR_REFUS = {attendu: (faits, permis) for faits, permis, attendu in (ETATS | AUTRES).values()}


@pytest.mark.parametrize("pourquoi", Refus)
def test_la_page_dit_pourquoi_et_quoi_faire(pourquoi: Refus) -> None:
    faits, permis = PAR_REFUS[pourquoi]
    client = client_of(make_dossier(*faits, permis=permis, categories=[]))
    dite = expliquer(pourquoi)
    for page, mot in (("adcs", "d'ADCS"), ("rir", "de RIR")):
        assert client.post(f"/mes-documents/{page}/").status_code == 409
        contenu = client.get(f"/mes-documents/{page}/").content.decode().partition("<main")[2]
        texte = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", contenu)).split())
        for phrase in (f"Pas {mot} : {dite.titre}", dite.raison, *dite.suites):
            assert " ".join(phrase.split()) in texte
        assert "/mes-documents/rii/" in contenu
        assert (reverse("signalement_nouveau") in contenu) is dite.signaler
    liste = client.get("/mes-documents/").content.decode().partition("<main")[2]
    assert "Télécharger mon" not in liste
    assert html.escape(dite.titre) in liste


def statut(document: DocumentEmis) -> int:
    return DocumentEmis.objects.values_list("statut", flat=True).get(pk=document.pk)


#: What the dossier holds, then what comes and changes what an ADCS in hand says.
CHANGEMENTS: dict[str, tuple[list[Fait], Fait]] = {
    "suspension levée": ([suspension("2026-01-10", None)], levee("su", jour(), "a_compter")),
    "suspension effacée": ([suspension("2026-01-10", None)], levee("su", jour())),
    "annulation suspendue par un juge": ([ANNULATION], levee("a1", jour(), "provisoire")),
    "annulation rétablie": ([ANNULATION, levee("a1", jour(-20), "provisoire")], retablie("lv", jour())),
    "échange": ([], echange(jour())),
    "décès": ([], deces(jour())),
    "décision d'aptitude": (
        [suspension("2026-01-10", jour(-8), controle_medical="requis")],
        visite(jour(-15), date_decision=jour()),
    ),
}


@pytest.mark.parametrize(("avant", "vient"), CHANGEMENTS.values(), ids=list(CHANGEMENTS))
def test_l_adcs_en_main_suit_dans_la_meme_transaction(avant: list[Fait], vient: Fait) -> None:
    dossier_id = make_dossier(*avant)
    document, _ = emettre(dossier_id, now() - timedelta(days=1))
    assert statut(document) == Statut.BON
    record_faits(dossier_id=dossier_id, faits=[vient], au=localdate())
    assert statut(document) == Statut.DROITS_CHANGES


@pytest.mark.parametrize(("avant", "vient"), CHANGEMENTS.values(), ids=list(CHANGEMENTS))
def test_ce_qui_etait_deja_connu_change_l_adcs_quand_son_jour_vient(avant: list[Fait], vient: Fait) -> None:
    document, _ = emettre(make_dossier(*avant, vient), now() - timedelta(days=2))
    assert statut(document) == Statut.BON
    revoir_les_statuts()
    assert statut(document) == Statut.DROITS_CHANGES


def test_une_categorie_qui_devient_provisoire_change_l_adcs_ce_jour_la() -> None:
    """R221-11 III: the last day has passed, the opinion came before it, the préfet has not decided."""
    poids_lourd = CATEGORIES[1] | {"date_fin": jour(-1)}
    avis = visite(jour(-20))
    document, _ = emettre(make_dossier(avis, categories=[CATEGORIES[0], poids_lourd]), now() - timedelta(days=3))
    sans, _ = emettre(make_dossier(categories=[CATEGORIES[0], poids_lourd]), now() - timedelta(days=3))
    revoir_les_statuts()
    assert [statut(document), statut(sans)] == [Statut.DROITS_CHANGES, Statut.BON]
