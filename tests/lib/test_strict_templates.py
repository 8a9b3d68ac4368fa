"""The test bed's own promise: an undefined variable of ours fails, a library's stays empty."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import Origin, Template, engines

from tests.strict_templates import UndefinedVariable

OURS = str(Path(settings.TEMPLATES[0]["DIRS"][0]) / "essai.html")


def _render(source: str, place: str, **values: object) -> str:
    engine = engines["django"].engine
    from django.template import Context

    return str(Template(source, origin=Origin(place), name=place, engine=engine).render(Context(values)))


@pytest.mark.parametrize("source", ["{{ absent }}", "{{ objet.absent }}", "{{ absent|default:'x' }}"])
def test_an_undefined_variable_of_ours_fails(source: str) -> None:
    with pytest.raises(UndefinedVariable, match="absent"):
        _render(source, OURS, objet={"present": 1})


@pytest.mark.parametrize("source", ["{% if absent %}x{% endif %}", "{{ objet.present|default:'' }}", "{{ rien }}"])
def test_asking_whether_it_is_there_is_allowed(source: str) -> None:
    assert "absent" not in _render(source, OURS, objet={"present": ""}, rien=None)


def test_a_librarys_variable_stays_as_in_production() -> None:
    assert _render("[{{ absent }}{{ absent|default:'x' }}]", "/ailleurs/bouton.html") == "[x]"
