"""Devices in words, for allauth's list of sessions, whose view is not ours."""

from django import template

from accounts.compte.securite import decrire_appareil

register = template.Library()
register.filter("appareil", decrire_appareil)
