"""The WSGI entry point; production settings unless told otherwise."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from mespoints.lib.checks import refuse_to_start
from mespoints.lib.inputs import SiteRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mespoints.settings.base")

application = get_wsgi_application()
application.request_class = SiteRequest
refuse_to_start()

from documents.services import prepare  # noqa: E402  # the apps are loaded

prepare()

# What was loaded to start lives as long as the process: the collector need not look at it again at each long page.
gc.collect()
gc.freeze()
