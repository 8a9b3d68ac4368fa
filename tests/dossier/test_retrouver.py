"""« Retrouver un permis »: what is read aloud, of this week, of the months after and of then."""

from datetime import date

import pytest
from django.test import Client

from dossier.presenters.retrouver import retrouver
from tests.accounts.factories import RattachementFactory
from tests.dossier.lignes import PERMIS, dossier, infraction
from tests.dossier.test_suites import NEUF_POINTS, Fait, invalidation, remise, situation

PERDU = [PERMIS, *NEUF_POINTS, invalidation("2026-11-10")]


def lu(*faits: Fait, au: date = date(2026, 12, 1)) -> list[str]:
    page = retrouver(situation(*faits, au=au))
    assert page is not None
    dits = [f"{m.quand} : " + " / ".join(f"{x.titre}. {x.texte}" for x in m.marches) for m in page.moments]
    return [dit.replace("\u00a0", " ") for dit in [page.resume, *dits]]


def test_permis_remis() -> None:
    resume, semaine, attente, apres = lu(*PERDU, remise("2026-11-18"))
    assert resume == "Vous pourrez obtenir un nouveau permis à partir du 18 mai 2027."
    assert "Ne conduisez plus" in semaine
    assert "C'est fait, le 18 novembre 2026" in semaine
    assert "Jusqu'au 11 janvier 2027 inclus" in semaine
    assert attente.startswith("D'ici au 18 mai 2027 : ")
    assert "examen psychotechnique" in attente
    assert "l'épreuve théorique (le code) seulement" in attente
    assert apres.startswith("À partir du 18 mai 2027 : ")
    assert "au plus tard le 17 février 2028" in apres
    assert "6 points" in apres


def test_permis_pas_encore_remis() -> None:
    resume, semaine, attente, apres = lu(*PERDU)
    assert resume.endswith("six mois après avoir remis l'ancien : remis aujourd'hui, ce serait le 1er juin 2027.")
    assert "Au plus tard le 23 novembre 2026. Ce jour est passé : remettez-le sans attendre." in semaine
    assert attente.startswith("Pendant l'attente")
    assert "moins de neuf mois après le jour où vous y aurez droit" in apres


def test_l_attente_et_le_delai_sont_passes() -> None:
    resume, semaine, attente, apres = lu(*PERDU, remise("2026-11-18"), au=date(2028, 3, 1))
    assert resume == "Vous pouvez obtenir un nouveau permis depuis le 18 mai 2027."
    assert "Contestez" not in semaine
    assert attente.startswith("Dès maintenant")
    assert apres.startswith("Depuis le 18 mai 2027 : ")
    assert "Il fallait demander le nouveau permis au plus tard le 17 février 2028" in apres


def test_annule_par_un_juge_et_permis_recent() -> None:
    recent = PERMIS | {"date_obtention": "2024-05-02"}
    annulation = {"id": "an", "type": "annulation", "date_effet": "2026-10-01", "interdiction_mois": 6}
    resume, semaine, attente, apres = lu(recent, annulation)
    assert resume == "Vous pourrez obtenir un nouveau permis à partir du 1er avril 2027."
    assert "À la préfecture, si ce n'est déjà fait" in semaine
    assert "puis l'épreuve pratique" in attente
    assert "Un délai à ne pas manquer" not in apres


@pytest.mark.django_db
def test_la_page_et_qui_n_en_a_pas_besoin(client: Client) -> None:
    client.force_login(RattachementFactory(dossier=dossier(*NEUF_POINTS, invalidation("2026-11-10"))).user)
    assert "Ne conduisez plus" in client.get("/mes-points/retrouver/").content.decode()
    assert "/mes-points/retrouver/" in client.get("/mes-points/").content.decode()
    autre = dossier(infraction("a", "2026-01-05", "2026-02-05"), neph="990175100002")
    client.force_login(RattachementFactory(dossier=autre).user)
    assert client.get("/mes-points/retrouver/").headers["Location"] == "/mes-points/"
