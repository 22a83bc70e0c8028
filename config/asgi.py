"""The asynchronous web server's way in."""

import os

from django.core.asgi import get_asgi_application

from config.checks import refuse_an_open_demonstration

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_asgi_application()

refuse_an_open_demonstration()
