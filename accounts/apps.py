from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "comptes"

    def ready(self) -> None:
        from accounts import checks, signals  # noqa: F401  # what they register
        from accounts.compte import second_facteur  # noqa: F401  # what it changes of allauth's
