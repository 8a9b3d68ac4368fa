"""An annulled administrative measure is erased on the day of its annulment (L. 225-2 III): no word of it is left."""

import json
from datetime import date
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from documents.courriers.services import make_lettre
from documents.models import DocumentEmis
from documents.services import RII
from dossier import selectors
from dossier.effacement import dit_le_meme, empreinte
from dossier.fabrique import parcours_de
from dossier.models import Decision, Dossier, Fait, Lettre, Mouvement
from dossier.rules.levee import mesures_effacees
from dossier.services import settle
from tests.documents.dossiers import issue
from tests.dossier.lignes import AU, PERMIS, dossier, importer, infraction, ligne
from tests.rules.test_pierres import pierre as pierre_du_test

CANARI = "CANARI-7F3A"

FAUTES = [infraction(f"i{n}", f"2023-0{n}-01", f"2023-0{n}-20", 6, nature="delit", classe=None) for n in (1, 2)]
INVALIDATION = {"id": "inv", "type": "invalidation", "date_notification": "2023-04-10"}
LETTRE_48SI = {
    "id": "l48",
    "type": "lettre",
    "reference": "48SI",
    "fait": "i2",
    "date_presentation": "2023-04-10",
    "date_notification": "2023-04-10",
    "issue": "remise",
    "adresse": {"lignes": [f"1 rue {CANARI}"], "code_postal": "37000", "commune": CANARI},
}
SUSPENSION = {
    "id": "sus",
    "type": "suspension",
    "date_debut": "2023-02-03",
    "date_fin": "2023-03-03",
    "nature": "administrative",
    "date_infraction": "2023-02-01",
}
FAITS = [*FAUTES, SUSPENSION, INVALIDATION, LETTRE_48SI]


def levee(fait: str = "inv", portee: str = "retroactive", effet: str = "2026-11-20", **autres: Any) -> dict[str, Any]:
    return {
        "id": f"levee-{fait}",
        "type": "levee",
        "fait": fait,
        "date_effet": effet,
        "portee": portee,
        "motif": "annulation_juge",
    } | autres


def toute_la_base() -> str:
    """Every row of every table, as a dump has it."""
    textes = []
    with connection.cursor() as curseur:
        curseur.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in curseur.fetchall():
            with curseur.copy(f"COPY {table} TO STDOUT") as lu:
                textes += [bytes(morceau) for morceau in lu]
    return b"".join(textes).decode()


def contenu(identifiant: str) -> dict[str, Any]:
    return dict(Fait.objects.get(identifiant=identifiant).contenu)


def photo(pose: Dossier) -> tuple[Any, ...]:
    pose.refresh_from_db()
    sommes = Mouvement.objects.order_by("pk").values_list("date", "nature", "points", "solde", "plafond")
    return pose.points, pose.etat, list(sommes)


@pytest.mark.django_db
def test_le_contenu_part_et_la_pierre_reste(capsys: pytest.CaptureFixture[str]) -> None:
    pose = dossier(*FAITS)
    assert pose.etat == "invalide"
    Lettre.objects.create(dossier=pose, reference="48SI", date=date(2023, 2, 20), fait="i2")
    Decision.objects.create(
        dossier=pose, departement="37", acte="invalidation", effet={}, auteur=1,
        faits=[INVALIDATION, LETTRE_48SI], piece=f"pièce {CANARI}",
    )  # fmt: skip
    assert CANARI in toute_la_base()
    inscrites = list(Mouvement.objects.order_by("pk").values_list("pk", "points", "solde"))

    importer(ligne(levee()))

    assert CANARI not in toute_la_base()
    pierre = contenu("inv")
    assert pierre.pop("empreinte")
    assert pierre == INVALIDATION  # id, type, day: what it held besides is nothing
    assert {*contenu("l48")} == {*LETTRE_48SI, "empreinte"} - {"issue", "adresse"}
    assert CANARI not in json.dumps(list(Decision.objects.values("faits", "piece")))
    assert all(contenu(f["id"]) == pierre_du_test(f) for f in (INVALIDATION, LETTRE_48SI))
    assert not Lettre.objects.filter(reference="48SI").exists()
    assert list(Mouvement.objects.order_by("pk").values_list("pk", "points", "solde"))[: len(inscrites)] == inscrites
    mots = set(Mouvement.objects.filter(fait="inv").values_list("explication", flat=True))
    assert len(mots) == 1
    assert mots.pop().startswith("Mention effacée")
    call_command("verify_ledger")
    assert "vérifiés: 1, différents: 0" in capsys.readouterr().out


@pytest.mark.django_db
def test_le_rii_et_la_lettre_deja_faits_partent_aussi() -> None:
    """A RII told the 48SI, a letter was it: their rows and their sealed files go; the other letters stay."""
    pose = dossier(FAUTES[0], au=date(2023, 2, 1))
    importer(ligne(FAUTES[1], infraction("i3", "2023-02-10", "2023-02-19", 1)), au=date(2023, 3, 25))
    lettre = Lettre.objects.get(dossier=pose, reference="48SI")
    faites = {make_lettre(lettre_id=due.pk) for due in Lettre.objects.filter(dossier=pose)}
    assert len(faites) > 1
    importer(ligne(INVALIDATION, SUSPENSION))
    issue(RII, pose.pk)
    importer(ligne(levee()))
    assert not DocumentEmis.objects.filter(genre="rii").exists()
    assert not DocumentEmis.objects.filter(lettre_id=lettre.pk).exists()
    assert DocumentEmis.objects.filter(genre="lettre").count() == len(faites) - 1
    relu = json.dumps(issue(RII, pose.pk).contenu)
    assert "Suspension" in relu
    assert not any(mot in relu for mot in ("48SI", "nvalidation", "levée"))


@pytest.mark.django_db
def test_aucun_document_ni_page_n_en_parle_plus_sauf_la_levee() -> None:
    pose = dossier(*FAITS)
    importer(ligne(levee(), levee("sus")))
    situation = selectors.get_situation(pose.pk, au=AU)
    assert {f["id"] for f in situation.faits} == {"p1", "i1", "i2", "levee-inv", "levee-sus"}
    assert {f["id"] for f in situation.annules} == {"inv", "l48", "sus"}
    assert {f["id"] for f in situation.communicables} == {"p1", "i1", "i2"}
    assert [(v.fin.id, v.motif) for v in situation.replay.levees] == [("inv", "annulation_juge")]
    assert not [c for c in selectors.list_corrections(pose.pk) if c.ligne.fait == "inv"]


@pytest.mark.django_db
def test_le_fichier_redit_la_mesure_et_rien_ne_change() -> None:
    pose = dossier(*FAITS)
    complete = ligne(PERMIS, *FAITS, levee(), levee("sus"))
    assert importer(complete)[0].etat == "accepte"
    avant = photo(pose), toute_la_base()
    assert importer(complete)[0].etat == "inchange"
    autre = ligne(PERMIS, SUSPENSION | {"date_infraction": "2023-01-31"})
    assert importer(autre)[0].etat == "refuse"
    assert importer(ligne(PERMIS, LETTRE_48SI | {"issue": "refusee"}))[0].etat == "refuse"
    assert settle(dossier_ids=[pose.pk], au=AU) == 0
    assert (photo(pose), toute_la_base()) == avant


@pytest.mark.django_db
def test_un_dossier_neuf_qui_dit_la_mesure_et_sa_levee_ne_la_garde_pas() -> None:
    dossier(*FAITS, levee(), levee("sus"))
    assert CANARI not in toute_la_base()
    assert "date_infraction" not in contenu("sus")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "decision",
    [
        levee(portee="provisoire", motif="refere"),
        levee("sus", portee="a_compter", effet="2023-02-20", motif="mainlevee"),
        {"id": "a", "type": "infraction_annulee", "infraction": "i1", "date_decision": "2026-11-01"},
    ],
    ids=["provisoire", "a_compter", "infraction"],
)
def test_le_reste_n_efface_rien(decision: dict[str, Any]) -> None:
    dossier(*FAITS)
    importer(ligne(decision))
    assert [contenu(f["id"]) for f in (INVALIDATION, LETTRE_48SI, SUSPENSION)] == [
        INVALIDATION,
        LETTRE_48SI,
        SUSPENSION,
    ]


@pytest.mark.django_db
def test_une_mesure_judiciaire_ne_s_efface_pas_ainsi() -> None:
    judiciaire = SUSPENSION | {"nature": "judiciaire"}
    annulation = {"id": "ann", "type": "annulation", "date_effet": "2024-01-10", "interdiction_mois": 6}
    dossier(judiciaire, annulation, levee("sus"), levee("ann"))
    assert contenu("sus") == judiciaire
    assert contenu("ann") == annulation


@pytest.mark.django_db
def test_une_levee_a_venir_attend_son_jour() -> None:
    pose = dossier(*FAITS, au=date(2026, 11, 10))
    importer(ligne(levee()), au=date(2026, 11, 10))
    assert contenu("l48") == LETTRE_48SI
    pose.refresh_from_db()
    assert pose.prochaine_echeance == date(2026, 11, 20)
    settle(dossier_ids=[pose.pk], au=date(2026, 11, 20))  # the night of its day
    assert "empreinte" in contenu("l48")


@pytest.mark.django_db
def test_une_autre_48si_reste(capsys: pytest.CaptureFixture[str]) -> None:
    """Of two 48SI, the one that was not annulled keeps its letter; a later licence had followed the first."""
    second = {"id": "p2", "type": "permis_obtenu", "date_obtention": "2024-02-01", "filiere": "classique"}
    fautes = [infraction(f"j{n}", f"2025-0{n}-01", f"2025-0{n}-20", 6, nature="delit", classe=None) for n in (1, 2)]
    inv2 = INVALIDATION | {"id": "inv2", "date_notification": "2025-04-10"}
    lettre2 = LETTRE_48SI | {"id": "l2", "fait": "j2", "date_presentation": "2025-04-10"}
    lettre2 |= {"date_notification": "2025-04-10"}
    dossier(*FAITS, second, *fautes, inv2, lettre2)
    importer(ligne(levee("inv2")))
    assert contenu("l48") == LETTRE_48SI
    assert "empreinte" in contenu("l2")
    call_command("verify_ledger")
    assert "différents: 0" in capsys.readouterr().out


@pytest.mark.django_db
def test_la_porte_n_efface_que_ce_que_la_loi_efface() -> None:
    """The site's own role may knock: it opens for nothing but a retroactive levée in force today."""
    pose = dossier(*FAITS, levee(portee="provisoire", motif="refere"))
    avant = toute_la_base()
    with connection.cursor() as curseur:
        for empreintes in ({f["id"]: "x" for f in FAITS}, {}):
            curseur.execute("SELECT effacer_mesures_annulees(%s, %s)", [pose.pk, json.dumps(empreintes)])
            assert curseur.fetchone() == (0,)
    assert toute_la_base() == avant
    importer(ligne(levee("sus")))
    with connection.cursor() as curseur:
        curseur.execute("SELECT effacer_mesures_annulees(%s, %s)", [pose.pk, json.dumps({"i1": "x", "p1": "x"})])
        assert curseur.fetchone() == (0,)
    with connection.cursor() as curseur:
        curseur.execute("SELECT set_config('mespoints.effacement', %s, true)", [str(pose.pk)])
    with pytest.raises(DatabaseError), transaction.atomic():
        Fait.objects.update(contenu={})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "requete",
    [
        "UPDATE dossier_fait SET type = 'stage'",
        "UPDATE dossier_fait SET identifiant = identifiant || 'x'",
        "UPDATE dossier_mouvement SET solde = 3",
        "UPDATE dossier_mouvement SET date = '2020-01-01', explication = ''",
        "UPDATE dossier_decision SET auteur = 9",
    ],
)
def test_le_proprietaire_meme_n_y_change_ni_jour_ni_somme(proprietaire: psycopg.Connection[Any], requete: str) -> None:
    """The flag up, as the owner: a content may go, nothing else."""
    pose = dossier(*FAITS)
    Decision.objects.create(dossier=pose, departement="37", acte="x", faits=[], effet={}, piece="p", auteur=1)
    Decision.objects.update(statut="ecartee", second=2, tranchee_at="2026-11-01T00:00Z", refus="non")
    proprietaire.execute(f"SET mespoints.effacement = '{pose.pk}'")
    with pytest.raises(psycopg.errors.RestrictViolation):
        proprietaire.execute(requete)


def test_une_empreinte_ne_se_lit_pas_et_survit_a_un_changement_de_cle() -> None:
    pierre = {"id": "sus", "type": "suspension", "date_debut": "2023-02-03", "date_fin": "2023-03-03"}
    tenue = pierre | {"empreinte": empreinte(SUSPENSION)}
    autre = SUSPENSION | {"date_infraction": "2023-01-31"}
    assert (dit_le_meme(tenue, SUSPENSION), dit_le_meme(tenue, autre)) == (True, False)
    with override_settings(SECRET_KEY="une-autre", SECRET_KEY_FALLBACKS=["tests-only"]):
        assert empreinte(SUSPENSION) != tenue["empreinte"]
        assert dit_le_meme(tenue, autre)  # its key is gone: the days alone tell
        assert not dit_le_meme(tenue, SUSPENSION | {"date_fin": "2023-03-04"})


def test_seules_les_levees_connues_et_en_vigueur_effacent() -> None:
    parcours = parcours_de([PERMIS, *FAITS, levee(enregistre_le="2026-11-25")])
    jours = [date(2026, 11, 20), date(2026, 11, 24), date(2026, 11, 25)]
    assert [mesures_effacees(parcours, jour) for jour in jours] == [frozenset(), frozenset(), {"inv"}]
