"""The addresses of the phone, under field/."""

from django.urls import path

from gongzhi.field.pages import app, case, contact, home, messages, photo, report, step

app_name = "field"

urlpatterns = [
    path("", home.page, name="home"),
    path("report/", report.page, name="report"),
    path("report/<str:code>/", report.sent, name="reported"),
    path("messages/", messages.page, name="messages"),
    path("messages/<uuid:notice>/confirm/", messages.confirm, name="confirm"),
    path("app/", app.page, name="app"),
    path("cases/<str:code>/", case.page, name="case"),
    path("cases/<str:code>/photos/<uuid:photo>/<slug:size>/", photo.show, name="photo"),
    path("cases/<str:code>/contact/", contact.page, name="contact"),
    path("cases/<str:code>/<slug:step>/", step.page, name="step"),
]
