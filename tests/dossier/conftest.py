"""The owner of the tables, who may do more than the application, and less than it seems."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.base_de_donnees import se_connecter


@pytest.fixture
def proprietaire(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    with se_connecter(connection.settings_dict["NAME"], migration=True) as connexion:
        assert connexion.info.user != settings.DATABASE_APPLICATION_ROLE
        yield connexion
