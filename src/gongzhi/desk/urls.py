"""The desk's addresses, under desk/."""

from django.urls import path

from gongzhi.desk.pages import (
    admin_home,
    boundaries,
    case,
    case_step,
    export,
    home,
    inbox,
    intake,
    options,
    photo,
    supervision,
    undelivered,
    why_due,
)

app_name = "desk"

urlpatterns = [
    path("", home.page, name="home"),
    path("queue/", home.queue, name="queue"),
    path("queue.csv", export.download, name="export"),
    path("cases/<str:code>/", case.page, name="case"),
    path("cases/<str:code>/clocks/<uuid:clock>/", why_due.page, name="why_due"),
    path("cases/<str:code>/<slug:step>/", case_step.page, name="step"),
    path("intake/", intake.page, name="intake"),
    path("intake/similar/", intake.similar, name="intake_similar"),
    path("options/areas/", options.areas, name="area_options"),
    path("options/places/", options.places, name="place_options"),
    path("options/severities/", options.severities, name="severity_options"),
    path("boundaries/<slug:level>.geojson", boundaries.draw, name="boundaries"),
    path("supervision/", supervision.page, name="supervision"),
    path("undelivered/", undelivered.page, name="undelivered"),
    path("undelivered/<uuid:notice>/told/", undelivered.told, name="told_by_phone"),
    path("undelivered/<uuid:delivery>/again/", undelivered.again, name="try_again"),
    path("inbox/", inbox.page, name="inbox"),
    path("inbox/read/", inbox.mark_read, name="mark_read"),
    path("inbox/<uuid:notice>/acknowledge/", inbox.acknowledge, name="acknowledge"),
    path("photos/<uuid:photo>/<slug:size>/", photo.show, name="photo"),
    path("admin-home/", admin_home.page, name="admin_home"),
]
