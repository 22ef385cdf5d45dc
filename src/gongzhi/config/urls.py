"""The doors of a cell: residents at the root, staff under desk/ and field/, machines under api/."""

from django.urls import URLPattern, URLResolver, include, path

from gongzhi.config.health import health, ready
from gongzhi.config.metrics import metrics
from gongzhi.exchange.api import api

handler404 = "gongzhi.config.failures.not_found"
handler500 = "gongzhi.config.failures.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health),
    path("readyz", ready),
    path("metrics", metrics),
    path("api/v1/", api.urls),
    path("desk/", include("gongzhi.desk.urls")),
    path("field/", include("gongzhi.field.urls")),
    path("administration/", include("gongzhi.administration.urls")),
    path("", include("gongzhi.desk.account_urls")),
    path("", include("gongzhi.portal.urls")),
]
