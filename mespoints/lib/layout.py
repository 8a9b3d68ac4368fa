"""What the layout needs to know, without asking the database."""

from django.conf import settings
from django.http import HttpRequest


def layout(request: HttpRequest) -> dict[str, bool]:
    """Tell the templates whether this instance bears the State's marks and whether it shows invented drivers."""
    return {"marque_etat": settings.MESPOINTS_MARQUE_ETAT, "demonstration": settings.MESPOINTS_DEMONSTRATION}
