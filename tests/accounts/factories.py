"""Accounts for the tests, and the bare dossier that a rattachement needs."""

from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.utils.timezone import now

from accounts.models import Rattachement, User
from dossier.models import Dossier

MOT_DE_PASSE = "demonstration-2026"


class CompteFactory(factory.django.DjangoModelFactory[User]):
    """An account that can sign in with ``MOT_DE_PASSE``: active, its address verified.

    Traits: ``desactive``, ``sans_mot_de_passe`` (as one made through FranceConnect), ``administrateur``.
    ``verifie=False`` leaves the address unverified.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        desactive = factory.Trait(desactive_at=factory.LazyFunction(now))
        sans_mot_de_passe = factory.Trait(password=None)
        administrateur = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda n: f"conducteur{n}@exemple.fr")
    password = MOT_DE_PASSE

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **kwargs)

    @factory.post_generation
    def verifie(self: User, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        EmailAddress.objects.create(user=self, email=self.email, verified=extracted is not False, primary=True)


class DossierFactory(factory.django.DjangoModelFactory[Dossier]):
    """A dossier without any fact: 12 points are not computed here, nothing but the row exists."""

    class Meta:
        model = Dossier

    neph = factory.Sequence(lambda n: f"9901752{n:05}")  # 9901751… are those that tests write themselves
    nom_naissance = "MARTIN"
    prenoms = factory.LazyFunction(lambda: ["Camille", "Anne"])
    sexe = "F"
    date_naissance = "1979-12-31"
    etat = "sans_permis"
    mis_a_jour_le = "2026-11-01"


class RattachementFactory(factory.django.DjangoModelFactory[Rattachement]):
    """An active tie between a new account and a new dossier."""

    class Meta:
        model = Rattachement

    user = factory.SubFactory(CompteFactory)
    dossier = factory.SubFactory(DossierFactory)
    origine = Rattachement.Origine.NUMERO
