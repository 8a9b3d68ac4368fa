"""The feed's door: what is let in, what is refused, and the French reason."""

import contextlib
import copy
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.fabrique import parcours_de
from dossier.feed import LIGNE_MAX, LigneRefusee, lignes, lire_faits, lire_ligne
from tests.dossier.lignes import PERMIS, infraction, ligne, octets
from tests.rules.strategies import lignes as lignes_valides
from tests.tirages import tirages


def refus(brut: bytes | dict[str, Any]) -> str:
    with pytest.raises(LigneRefusee) as saisi:
        lire_ligne(brut if isinstance(brut, bytes) else octets(brut))
    return saisi.value.raison


STAGE = {"id": "s1", "type": "stage", "date_fin": "2024-01-02", "nature": "volontaire"}


@pytest.mark.parametrize("neph", ["12345", "150833200011", "1508 33 20 0011", "1508.33.200011", "abc123.45", "A" * 19])
def test_neph_admis(neph: str) -> None:
    lu = lire_ligne(octets(ligne(neph=neph))).neph
    assert lu == neph.replace(" ", "").replace(".", "").upper()


@pytest.mark.parametrize(
    "neph",
    [
        "",
        "    ",
        "1234",
        "A" * 20,
        "1" * 65,
        "１２３４５６",
        "١٢٣٤٥٦",
        "123\u00004567",
        "12345\u200b6",
        "12345-6",
        "é12345",
        12345,
        None,
        ["12345"],
    ],
)
def test_neph_refuse(neph: object) -> None:
    assert "neph" in refus(ligne() | {"neph": neph}).lower()


@pytest.mark.parametrize(
    "nom",
    [
        "O'Connor",
        "D\u2019Arc",
        "Nguyễn",
        "de La Tour",
        "X",
        "L" * 80,
        "L'HAŸ-LES-ROSES",
        "Łukasz",
        "محمد",
        "Œuvrard",
    ],
)
def test_nom_admis(nom: str) -> None:
    assert lire_ligne(octets(ligne(nom_naissance=nom))).etat_civil["nom_naissance"] == nom


def test_nom_decompose_est_compose() -> None:
    assert lire_ligne(octets(ligne(nom_naissance="Le\u0301vy"))).etat_civil["nom_naissance"] == "Lévy"


@pytest.mark.parametrize(
    "nom",
    [
        "",
        " ",
        "MAR\u202eTIN",
        "MAR\u200bTIN",
        "MARTIN\u0000",
        "MAR\tTIN",
        "MARTIN 🚗",
        "<b>X</b>",
        "ﬁn",
        "M" * 121,
        "A" * 1_000_0,
        7,
        {},
    ],
)
def test_nom_refuse(nom: object) -> None:
    assert refus(ligne(nom_naissance=nom)).startswith("etat_civil.nom_naissance")


def test_sans_prenom() -> None:
    assert lire_ligne(octets(ligne(prenoms=[]))).etat_civil["prenoms"] == []


@pytest.mark.parametrize("naissance", ["1960-00-00", "1960-05-00", "2000-02-29", "1931-12-31"])
def test_naissance_admise(naissance: str) -> None:
    assert lire_ligne(octets(ligne(date_naissance=naissance))).etat_civil["date_naissance"] == naissance


@pytest.mark.parametrize(
    "naissance", ["1900-02-29", "1960-02-31", "0001-01-01", "9999-01-01", "60-01-01", "", None, 1960]
)
def test_naissance_refusee(naissance: object) -> None:
    assert "date_naissance" in refus(ligne(date_naissance=naissance))


@pytest.mark.parametrize(
    ("fait", "raison"),
    [
        (infraction("i", "2021-02-30", "2021-03-01"), "n'est pas un jour du calendrier"),
        (infraction("i", "2021-06-30", "2021-06-29"), "définitive avant sa commission"),
        (infraction("i", "20210630", "2021-07-29"), "AAAA-MM-JJ"),
        (infraction("i", "2021-W26-1", "2021-07-29"), "AAAA-MM-JJ"),
        (infraction("i", "9999-12-31", None), "hors des années"),
        (infraction("i", "2021-06-30", None, -1), "de 0 à 9"),
        (infraction("i", "2021-06-30", None, 10), "de 0 à 9"),
        (infraction("i", "2021-06-30", None, True), "de 0 à 9"),
        (infraction("i", "2021-06-30", None, 1.0), "de 0 à 9"),  # type: ignore[arg-type]
        (infraction("i", "2021-06-30", None, nature="delit"), "absente pour un délit"),
        (infraction("i", "2021-06-30", None, classe=None), "absente pour un délit"),
        (infraction("i", "2021-06-30", None, classe=6), "de 1 à 5"),
        (infraction("i", "2021-06-30", None, vitesse=130), "champ inconnu « vitesse »"),
        (infraction("", "2021-06-30", None), "de 1 à 64"),
        (infraction("i", "2021-06-30", None, lieu="x" * 301), "dépasse 300"),
        (infraction("i", "2021-06-30", None, lieu="a\u0000b"), "U+0000"),
        (infraction("i", "2021-06-30", None, lieu="a\ud800b"), "U+D800"),
        (infraction("i", "2021-06-30", None, heure_commission="24:00"), "HH:MM"),
        (infraction("i", "2021-06-30", None, etablie_par="aveu"), "valeur admise"),
        ({"id": "x", "type": "amende"}, "type de fait inconnu"),
        ({"id": "x"}, "type de fait inconnu"),
        ({"id": "x", "type": ["stage"]}, "type de fait inconnu"),
        (
            {"id": "e", "type": "permis_etranger", "date_debut": "2024-01-03", "date_fin": "2024-01-03"},
            "finirait avant de commencer à compter",
        ),
        ({"id": "e", "type": "levee", "fait": "x", "date_effet": "2024-01-03", "portee": "totale"}, "valeur admise"),
        ({"id": "s", "type": "stage", "nature": "volontaire"}, "obligatoire absent (date_fin)"),
        ({"type": "invalidation", "date_notification": "2024-01-02"}, "obligatoire absent (id)"),
        ("stage", "un objet est attendu"),
        (None, "un objet est attendu"),
    ],
)
def test_fait_refuse(fait: Any, raison: str) -> None:
    dit = refus(ligne(PERMIS, fait))
    assert raison in dit
    assert dit.startswith("faits[2]")


@pytest.mark.parametrize(
    ("brut", "raison"),
    [
        (b"", "vide"),
        (b"   \n", "vide"),
        (b"{", "illisible"),
        (b'{"neph": "12345"', "illisible"),
        (b"[]", "objet JSON"),
        (b'"12345"', "objet JSON"),
        (b"\xef\xbb\xbf{}", "BOM"),
        ('{"neph": "12345", "format": "é"}'.encode("latin-1"), "UTF-8"),
        (b"\x00", "illisible"),
        (b'{"neph": "12345", "neph": "12346"}', "deux fois"),
        (b'{"neph": "12345", "points": NaN}', "NaN"),
        (b'{"neph": "12345", "points": ' + b"9" * 5000 + b"}", "nombre"),
        (b"[" * 200_000, "imbriqué"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "neph"),
        (b"x" * (LIGNE_MAX + 1), "dépasse 1000 ko"),
        (octets(ligne() | {"format": "mespoints-dossier/2"}), "mespoints-dossier/1"),
        (octets(ligne() | {"solde": 12}), "champ inconnu « solde »"),
        (octets(ligne() | {"faits": None}), "faits"),
        (octets(ligne() | {"faits": {}}), "faits"),
        (octets(ligne() | {"etat_civil": None}), "etat_civil"),
        (octets(ligne(PERMIS, PERMIS)), "deux fois"),
        (octets(ligne() | {"titres": [{"format": "parchemin"}]}), "titres[1].format"),
        (octets(ligne() | {"categories": [{"date_obtention": "2015-08-12"}]}), "categories[1]"),
        (octets(ligne() | {f"champ{n}": n for n in range(10_000)}), "champ inconnu"),
    ],
)
def test_ligne_refusee(brut: bytes, raison: str) -> None:
    assert raison in refus(brut)


def test_permis_obtenu_le_jour_ou_un_autre_prend_fin() -> None:
    fin = {"id": "f", "type": "invalidation", "date_notification": "2020-05-04"}
    autre = {"id": "p2", "type": "permis_obtenu", "date_obtention": "2020-05-04", "filiere": "classique"}
    assert "le jour même où un autre prend fin" in refus(ligne(PERMIS, fin, autre))
    lendemain = autre | {"date_obtention": "2020-05-05"}
    assert lire_ligne(octets(ligne(PERMIS, fin, lendemain)))


def test_fin_de_ligne_windows_et_espaces() -> None:
    assert lire_ligne(b"\t " + octets(ligne(PERMIS)) + b"\r\n").neph == "990175100001"


def test_une_ligne_trop_longue_n_emporte_pas_la_suivante() -> None:
    flux = io.BytesIO(b"x" * (3 * LIGNE_MAX) + b"\n" + octets(ligne()) + b"\n")
    lues = list(lignes(flux))
    assert [numero for numero, _ in lues] == [1, 2]
    assert lire_ligne(lues[1][1]).neph == "990175100001"


def test_les_dates_futures_sont_admises() -> None:
    assert lire_ligne(octets(ligne(PERMIS, infraction("i", "2031-01-01", "2031-02-01"))))


@settings(max_examples=tirages(200))
@given(lignes_valides())
def test_ce_qui_est_garde_redonne_la_meme_lecture(contenu: dict[str, Any]) -> None:
    """The canonical facts, read again as the database gives them, are the same input of the engine."""
    lue = lire_ligne(octets(contenu))
    relu = json.loads(json.dumps(lue.faits))
    assert parcours_de(relu, lue.etat_civil["date_naissance"], lue.etat_civil.get("adresse")) == lue.parcours
    assert lire_faits(relu)[0] == lue.faits


@settings(max_examples=tirages(300))
@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(lambda v: json.dumps(v).encode())
)
def test_n_importe_quoi_est_refuse_en_francais(brut: bytes) -> None:
    assert refus(brut)


@settings(max_examples=tirages(300))
@given(lignes_valides(), st.data())
def test_une_valeur_changee_ne_casse_rien(contenu: dict[str, Any], data: st.DataObject) -> None:
    """Any value of a valid line replaced by any other: read or refused, never a crash."""
    contenu = copy.deepcopy(contenu)  # the strategy shares parts between examples
    cible: Any = contenu
    while isinstance(cible, (dict, list)) and cible:
        cle = data.draw(st.sampled_from(sorted(cible) if isinstance(cible, dict) else range(len(cible))))
        parent, cible = cible, cible[cle]
        if data.draw(st.booleans()):
            break
    parent[cle] = data.draw(
        st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.just([]) | st.just({})
    )
    with contextlib.suppress(LigneRefusee):
        lire_ligne(octets(contenu))
