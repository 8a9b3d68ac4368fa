"""What no history whatever may give, over everything the feed allows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from documents.contenus import Etat as EtatDuDroit
from documents.contenus import etat_du_droit
from dossier.feed import lire_ligne
from dossier.rules.lettre import derniere_perte, lettre_due
from dossier.rules.rejeu import Replay
from dossier.rules.solde import rejouer
from dossier.rules.vocabulaire import FINS, Etat, Nature, Reference, Regime
from tests.dossier.lignes import octets
from tests.rules.strategies import dates_de_lecture, lignes
from tests.tirages import tirages


@st.composite
def rejeux(draw: st.DrawFn) -> Replay:
    ligne = draw(lignes())
    au, connu_le = draw(dates_de_lecture(ligne))
    return rejouer(lire_ligne(octets(ligne)).parcours, au, connu_le)


def une_invalidation_ne_touche_jamais_un_permis_etranger(replay: Replay) -> None:
    """L223-10 knows an interdiction only."""
    regime: Regime | None = None
    for m in [*replay.mouvements, *replay.prevision]:
        if m.nature in (Nature.CAPITAL_INITIAL, Nature.ECHANGE_ENTRANT):
            regime = Regime.FRANCAIS
        elif m.nature == Nature.CAPITAL_ETRANGER:
            regime = Regime.ETRANGER
        elif m.nature in FINS:
            etrangere = m.nature in (Nature.INTERDICTION, Nature.FIN_PERMIS_ETRANGER)
            assert regime == (Regime.ETRANGER if etrangere else Regime.FRANCAIS)
            regime = None


def aucune_48si_pendant_que_le_solde_est_positif(replay: Replay) -> None:
    dues = {lettre_due(m, replay) for m in replay.mouvements}
    if Reference.L48SI in dues:
        assert replay.solde is not None
        assert replay.solde <= 0
    perte = derniere_perte(replay)
    if perte is not None:
        assert replay.regime == Regime.FRANCAIS
        assert replay.solde is not None
        assert replay.solde <= 0


def rien_ne_dit_qu_on_peut_conduire_quand_on_ne_le_peut_pas(replay: Replay) -> None:
    """A suspension under a solde nul included, kept up or not."""
    dit = etat_du_droit(replay.etat, suspendu=bool(replay.suspensions))
    if replay.suspensions or replay.etat not in (Etat.VALIDE, Etat.SOLDE_NUL):
        assert dit is not EtatDuDroit.VALIDE
    if replay.etat == Etat.VALIDE:
        assert not replay.suspensions


def apres_un_deces_rien_ne_bouge(replay: Replay) -> None:
    if replay.deces is not None:
        assert replay.etat == Etat.DECEDE
        assert not replay.prevision
        assert all(m.date <= replay.deces for m in replay.mouvements)
        assert replay.deces <= replay.au
    assert (replay.etat == Etat.DECEDE) == (replay.deces is not None)


def la_somme_des_mouvements_est_le_solde(replay: Replay) -> None:
    solde: int = 0
    for m in [*replay.mouvements, *replay.prevision]:
        solde += m.points
        assert m.solde == solde
        assert m.solde <= max(m.plafond, 0) or m.points < 0 or m.points == 0


@settings(max_examples=tirages(300))
@given(rejeux())
def test_ce_qu_aucune_histoire_ne_donne(replay: Replay) -> None:
    """A history is drawn and replayed once, and asked everything: drawing one is what takes the time."""
    une_invalidation_ne_touche_jamais_un_permis_etranger(replay)
    aucune_48si_pendant_que_le_solde_est_positif(replay)
    rien_ne_dit_qu_on_peut_conduire_quand_on_ne_le_peut_pas(replay)
    apres_un_deces_rien_ne_bouge(replay)
    la_somme_des_mouvements_est_le_solde(replay)
