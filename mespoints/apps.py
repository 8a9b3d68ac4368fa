from django.apps import AppConfig


class MespointsConfig(AppConfig):
    """The project itself, for what it registers: its system checks."""

    name = "mespoints"

    def ready(self) -> None:
        from mespoints.lib import checks  # noqa: F401  # what it registers
