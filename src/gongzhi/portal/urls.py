"""The residents' addresses, at the root."""

from django.urls import path

from gongzhi.portal.pages import case, home, maps, photo, reading, receipt, report, similar, where

app_name = "portal"

urlpatterns = [
    path("", home.page, name="home"),
    path("about/", home.about, name="about"),
    path("promises/", home.promises, name="promises"),
    path("senior/", reading.page, name="senior"),
    path("report/", report.page, name="report"),
    path("report/photo", report.photo, name="report_photo"),
    path("report/similar", similar.fragment, name="report_similar"),
    path("report/place", where.fragment, name="report_place"),
    path("receipt/", receipt.page, name="receipt"),
    path("c/", case.find, name="find"),
    path("c/<str:code>/", case.page, name="case"),
    path("c/<str:code>/receipt/", case.unlock, name="unlock"),
    path("c/<str:code>/more/", case.add, name="add"),
    path("c/<str:code>/verdict/", case.verdict, name="verdict"),
    path("photos/<uuid:photo>/<slug:size>/", photo.show, name="photo"),
    path("map/", maps.page, name="map"),
    path("map/boundaries.geojson", maps.boundaries, name="boundaries"),
    path("map/cases.geojson", maps.cases_geojson, name="map_cases"),
]
