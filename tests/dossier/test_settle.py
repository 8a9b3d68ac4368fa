"""``services.settle``: the ledger brought to what the facts say, and its mistakes corrected by other lines."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossier import selectors, services
from dossier.feed import lire_ligne
from dossier.models import Dossier, Mouvement
from dossier.rules.solde import rejouer
from tests.base_de_donnees import se_connecter
from tests.dossier.lignes import AU, dossier, importer, infraction, ligne, octets
from tests.rules.strategies import dates_de_lecture, lignes
from tests.tirages import tirages

pytestmark = pytest.mark.django_db

I1 = infraction("i1", "2023-10-01", "2023-11-01", 3)


def posees(pose: Dossier) -> list[tuple[Any, ...]]:
    return list(pose.mouvements.order_by("pk").values_list("date", "nature", "points", "solde", "fait", "reprise"))


def debout(pose: Dossier) -> dict[tuple[Any, ...], int]:
    """What stands: not a correction, not corrected."""
    corriges = set(pose.mouvements.exclude(corrige=None).values_list("corrige_id", flat=True))
    lignes = pose.mouvements.exclude(nature="correction").exclude(pk__in=corriges)
    return {(m.date, m.nature, m.fait): m.points for m in lignes}


def test_un_point_du_est_pose_le_jour_meme() -> None:
    pose = dossier(I1, au=date(2026, 10, 31))
    assert services.settle(dossier_ids=[pose.pk], au=date(2026, 10, 31)) == 0
    assert services.settle(dossier_ids=[pose.pk], au=date(2026, 11, 1)) == 1
    pose.refresh_from_db()
    assert (pose.points, pose.mis_a_jour_le, pose.prochaine_echeance) == (12, date(2026, 11, 1), None)
    assert posees(pose)[-1] == (date(2026, 11, 1), "reconstitution_totale", 3, 12, None, 0)


def test_la_seconde_fois_rien() -> None:
    pose = dossier(I1)
    avant = posees(pose)
    assert services.settle(dossier_ids=[pose.pk], au=AU) == 0
    assert posees(pose) == avant


def test_une_infraction_tardive_corrige_le_livre() -> None:
    """The reconstitution of 01/11/2026 was posted; an offence committed before it is learnt afterwards."""
    pose = dossier(I1, au=date(2026, 11, 5))
    importer(ligne(infraction("i2", "2026-09-01", "2026-11-10", 2, enregistre_le="2026-11-12")), au=AU)
    pose.refresh_from_db()
    assert pose.points == 7
    assert posees(pose)[2:] == [
        (date(2026, 11, 1), "reconstitution_totale", 3, 12, None, 0),
        (date(2026, 11, 1), "correction", -3, 9, None, 0),
        (date(2026, 11, 10), "retrait", -2, 7, "i2", 0),
    ]
    (correction,) = selectors.list_corrections(pose.pk)
    assert correction.ligne.nature == "reconstitution_totale"
    assert [fait["type"] for fait in correction.appris] == ["infraction"]


def test_une_infraction_annulee_rend_ses_points() -> None:
    pose = dossier(infraction("i1", "2026-01-01", "2026-02-01", 4))
    annulation = {"id": "a", "type": "infraction_annulee", "infraction": "i1", "date_decision": "2026-11-01"}
    importer(ligne(annulation))
    pose.refresh_from_db()
    assert pose.points == 12
    assert debout(pose) == {(date(1999, 1, 15), "capital_initial", "p1"): 12}
    assert posees(pose)[-1] == (date(2026, 2, 1), "correction", 4, 12, "i1", 0)


def test_un_mouvement_corrige_peut_etre_repris() -> None:
    """A late offence takes the reconstitution away; its annulment gives it back: a second posting, reprise 1."""
    pose = dossier(I1, au=date(2026, 11, 5))
    importer(ligne(infraction("i2", "2026-09-01", "2026-11-10", 2)), au=AU)
    annulation = {"id": "a", "type": "infraction_annulee", "infraction": "i2", "date_decision": "2026-11-20"}
    importer(ligne(annulation), au=AU)
    assert posees(pose)[-1] == (date(2026, 11, 1), "reconstitution_totale", 3, 12, None, 1)
    assert Dossier.objects.get().points == 12


def test_un_livre_qui_ne_tombe_pas_juste_arrete_tout(grand_livre_ouvert: Callable[..., int]) -> None:
    pose = dossier(I1, au=date(2026, 10, 31))
    assert grand_livre_ouvert("UPDATE dossier_mouvement SET solde = 3 WHERE nature = 'retrait'") == 1
    with pytest.raises(services.GrandLivreIncoherent):
        services.settle(dossier_ids=[pose.pk], au=AU)


@pytest.mark.parametrize(
    "champs",
    [
        {"nature": "retrait", "points": 1},
        {"nature": "correction", "points": 0},
        {"nature": "reconstitution_totale", "points": 0, "fait": None, "date": date(2026, 11, 1)},
    ],
    ids=["un retrait qui ajoute", "une correction sans cible", "deux fois le même mouvement"],
)
def test_la_base_refuse(champs: dict[str, Any]) -> None:
    pose = dossier(I1)
    base = {"date": AU, "fait": "x", "solde": 0, "plafond": 12, "article": "x", "explication": "x"}
    with pytest.raises(DatabaseError), transaction.atomic():
        Mouvement.objects.create(dossier=pose, **(base | champs))


def test_un_lot_coute_autant_de_requetes_qu_un_dossier(django_assert_num_queries: Any) -> None:
    cles = [dossier(I1, neph=f"9901751{n:05d}", au=date(2026, 10, 31)).pk for n in range(20)]
    with django_assert_num_queries(10):
        services.settle(dossier_ids=cles[:1], au=AU)
    with django_assert_num_queries(10):
        services.settle(dossier_ids=cles[1:], au=AU)


@settings(max_examples=tirages(200), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(lignes(), st.data())
def test_jour_apres_jour_ou_d_un_coup(contenu: dict[str, Any], data: st.DataObject) -> None:
    """Facts that arrive in any order, settled on the way: what stands at the end is what the law gives."""
    au, _ = data.draw(dates_de_lecture(contenu))
    faits = data.draw(st.permutations(contenu["faits"]))
    attendu = rejouer(lire_ligne(octets(contenu)).parcours, au)
    with transaction.atomic():
        jour = au - timedelta(days=400)
        for rang in range(0, len(faits), 3):
            partie = contenu | {"faits": faits[rang : rang + 3]}
            assert {r.etat for r in importer(partie, au=min(jour, au))} <= {"accepte", "inchange"}
            jour += timedelta(days=150)
        pose = Dossier.objects.filter(neph=contenu["neph"]).first()
        if pose is not None:
            services.settle(dossier_ids=[pose.pk], au=au)
            pose.refresh_from_db()
            assert debout(pose) == {(m.date, m.nature, m.fait): m.points for m in attendu.mouvements}
            assert (pose.points, pose.plafond, pose.etat) == (attendu.points, attendu.plafond, attendu.etat)
            assert services.settle(dossier_ids=[pose.pk], au=au) == 0
        transaction.set_rollback(True)


def test_on_ne_revient_pas_en_arriere() -> None:
    """A night that comes late does not undo what a later day has posted."""
    pose = dossier(I1, au=AU)
    assert services.settle(dossier_ids=[pose.pk], au=date(2026, 10, 1)) == 0
    assert posees(pose)[-1][1] == "reconstitution_totale"


def test_ce_qui_etait_montre_un_jour() -> None:
    pose = dossier(infraction("i1", "2026-01-01", "2026-02-01", 4))
    avant = pose.mouvements.latest("recorded_at").recorded_at
    importer(ligne({"id": "a", "type": "infraction_annulee", "infraction": "i1", "date_decision": "2026-11-01"}))
    assert [m.nature for m in selectors.list_mouvements(pose.pk, known_at=avant)] == ["capital_initial", "retrait"]
    assert [m.nature for m in selectors.list_mouvements(pose.pk)] == ["capital_initial"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lache_apres", [1, None], ids=["relâché à temps", "tenu jusqu'au bout"])
def test_un_verrou_qui_ne_vient_pas(monkeypatch: pytest.MonkeyPatch, lache_apres: int | None) -> None:
    """55P03: tried again after a pause, three times at most; nothing is half posted."""
    pose = dossier(I1, au=date(2026, 10, 31))
    avant, pauses = posees(pose), []

    def pause(secondes: float) -> None:
        pauses.append(secondes)
        if len(pauses) == lache_apres:
            autre.rollback()

    monkeypatch.setattr(services.time, "sleep", pause)
    with se_connecter(connection.settings_dict["NAME"]) as autre, connection.cursor() as curseur:
        autre.autocommit = False
        autre.execute("SELECT FROM dossier_dossier WHERE id = %s FOR UPDATE", [pose.pk])
        curseur.execute("SET lock_timeout = '100ms'")
        if lache_apres:
            assert services.settle(dossier_ids=[pose.pk], au=AU) == 1
            assert len(posees(pose)) == len(avant) + 1
            assert len(pauses) == lache_apres
        else:
            with pytest.raises(OperationalError) as refus:
                services.settle(dossier_ids=[pose.pk], au=AU)
            assert refus.value.__cause__.sqlstate == "55P03"  # type: ignore[union-attr]
            assert posees(pose) == avant
            assert len(pauses) == 2
        assert all(0 <= secondes <= rang * services.ATTENTE for rang, secondes in enumerate(pauses, 1))


CAS = "2012-02-29"  # a leap day, on which a licence is obtained and lost


def test_deux_lignes_d_un_fait_et_d_un_jour_se_corrigent() -> None:
    """Found by the property above: facts in disorder, then an AAC, a training, a second licence, an annulment."""
    classe = {"nature": "contravention", "etablie_par": "paiement", "libelle": None, "lieu": None}
    faits = [
        {"id": "f2", "type": "invalidation", "date_notification": CAS},
        {"id": "f3", "type": "permis_obtenu", "date_obtention": "2012-03-01", "filiere": "aac"},
        infraction("f4", CAS, "2013-08-29", 3, **classe),
        {"id": "f1", "type": "permis_obtenu", "date_obtention": CAS, "filiere": "classique"},
        {"id": "f5", "type": "formation_complementaire", "date_fin": "2012-08-29"},
        {"id": "f6", "type": "permis_obtenu", "date_obtention": "2012-03-01", "filiere": "classique"},
        infraction("f7", CAS, CAS, 3, classe=2, **classe),
        infraction("f8", "2014-02-27", "2014-02-28", 1, classe=1, **classe),
        {"id": "f9", "type": "infraction_annulee", "infraction": "f4", "date_decision": "2013-08-29"},
        infraction("f10", "2015-08-28", "2015-08-29", 1, classe=1, **classe),
    ]
    au = date(2015, 8, 29)
    for rang in range(0, len(faits), 3):
        jour = min(au, au - timedelta(days=400 - 50 * rang))
        assert importer(ligne(*faits[rang : rang + 3]), au=jour)[0].etat == "accepte"
    pose = Dossier.objects.get()
    services.settle(dossier_ids=[pose.pk], au=au)
    attendu = rejouer(lire_ligne(octets(ligne(*faits))).parcours, au)
    assert debout(pose) == {(m.date, m.nature, m.fait): m.points for m in attendu.mouvements}
    assert verification()[0] == 0


def verification() -> tuple[int, str]:
    sortie = io.StringIO()
    try:
        call_command("verify_ledger", stdout=sortie)
    except SystemExit as fin:
        return int(fin.code or 0), sortie.getvalue()
    return 0, sortie.getvalue()


def test_verify_ledger_sur_un_livre_juste() -> None:
    dossier(I1, neph="990175100001", au=date(2026, 10, 31))
    importer(ligne(infraction("i2", "2026-09-01", "2026-11-10", 2), neph="990175100001"), au=AU)
    importer(ligne(neph="990175100002"))
    assert verification() == (0, "vérifiés: 2, différents: 0\n")


@pytest.mark.parametrize(
    ("champ", "valeur", "raison"),
    [("points", 3, "photo différente"), ("plafond", 8, "photo différente"), ("prochaine_echeance", None, "photo")],
)
def test_verify_ledger_voit_une_photo_fausse(champ: str, valeur: object, raison: str) -> None:
    pose = dossier(infraction("i1", "2026-01-01", "2026-02-01", 4))
    dossier(neph="990175100002")
    Dossier.objects.filter(pk=pose.pk).update(**{champ: valeur})
    code, dit = verification()
    assert code == 1
    assert f"dossier n° {pose.pk} : {raison}" in dit
    assert dit.endswith("vérifiés: 2, différents: 1\n")


def test_verify_ledger_voit_un_mouvement_de_trop() -> None:
    """A line posted by another hand: it adds up, but the law does not give it."""
    pose = dossier(infraction("i1", "2026-01-01", "2026-02-01", 4))
    Mouvement.objects.create(
        dossier=pose,
        date=AU,
        nature="recuperation_stage",
        points=4,
        solde=12,
        plafond=12,
        fait="s",
        article="x",
        explication="x",
    )
    code, dit = verification()
    assert code == 1
    assert "1 mouvement(s) de trop" in dit
