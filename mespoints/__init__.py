"""Mes Points Permis: the project, which knows every app and is known by none but through `mespoints.lib`."""

from mespoints.celery import app as celery_app

__all__ = ["celery_app"]
