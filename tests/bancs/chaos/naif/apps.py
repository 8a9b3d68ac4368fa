"""Installed by ``tests.bancs.chaos.settings`` when CHAOS_NAIF is set, in a database of its own."""

from django.apps import AppConfig


class NaifConfig(AppConfig):
    name = "tests.bancs.chaos.naif"
    label = "naif"
