"""The web application that the web processes serve."""

import atexit
import os

from django.core.wsgi import get_wsgi_application

from gongzhi.config import environment, logs, wiring

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")

long_way = get_wsgi_application()
wiring.connect()
logs.catch_the_rest()

from gongzhi.cases import grouping  # noqa: E402 - needs Django to be set up
from gongzhi.config.admission import Admission  # noqa: E402
from gongzhi.config.fast_door import FastDoor  # noqa: E402

application = Admission(FastDoor(long_way), places=environment.read().web_threads)

grouping.begin()
atexit.register(grouping.end)
