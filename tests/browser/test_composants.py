"""Every component, in both sizes and themes, through axe: those that no story meets too."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _demonstration(settings) -> None:
    settings.ROOT_URLCONF = "demo.urls"


@pytest.mark.parametrize("cle", ["ines", "sebastien"])
def test_les_composants_sont_accessibles(page: Page, accessible, cle: str) -> None:
    page.goto(f"/composants/?persona={cle}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Composants")
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    accessible()
