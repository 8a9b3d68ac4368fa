"""Installed by ``tests.chaos.settings`` when CHAOS_NAIF is set, in a database of its own."""

from django.apps import AppConfig


class NaifConfig(AppConfig):
    name = "tests.chaos.naif"
    label = "naif"
