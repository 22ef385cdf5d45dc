"""The web application that the web processes serve."""

import atexit
import os

from django.core.wsgi import get_wsgi_application

from gongzhi.config import logs, wiring

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")

application = get_wsgi_application()
wiring.connect()
logs.catch_the_rest()

from gongzhi.cases import grouping  # noqa: E402 - needs Django to be set up

grouping.begin()
atexit.register(grouping.end)
