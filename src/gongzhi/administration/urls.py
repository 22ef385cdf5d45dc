"""The administrators' addresses, under administration/."""

from django.urls import path

from gongzhi.administration.pages import (
    audit,
    calendar,
    home,
    organisations,
    people,
    people_import,
    person,
    posts,
    status,
)

app_name = "administration"

urlpatterns = [
    path("", home.page, name="home"),
    path("people/", people.page, name="people"),
    path("people/new/", people.add, name="person_new"),
    path("people/import/", people_import.page, name="people_import"),
    path("people/<uuid:person>/", person.page, name="person"),
    path("people/<uuid:person>/password/", person.reset, name="reset"),
    path("people/<uuid:person>/expiry/", person.expiry, name="expiry"),
    path("people/<uuid:person>/sessions/end/", person.end_sessions, name="sessions_end"),
    path("people/<uuid:person>/factor/reset/", person.reset_factor, name="factor_reset"),
    path("people/<uuid:person>/city/untie/", person.untie_city, name="city_untie"),
    path("people/<uuid:person>/close/", person.close, name="close"),
    path("people/<uuid:person>/grants/", person.grant, name="grant"),
    path("people/<uuid:person>/grants/<uuid:grant>/end/", person.end_grant, name="end_grant"),
    path("people/<uuid:person>/keys/<uuid:token>/revoke/", person.revoke, name="revoke"),
    path("organisations/", organisations.page, name="organisations"),
    path("organisations/new/", organisations.add, name="organisation_new"),
    path("organisations/<uuid:organisation>/end/", organisations.end, name="organisation_end"),
    path("organisations/<uuid:organisation>/teams/", organisations.add_team, name="team_new"),
    path("organisations/teams/<uuid:team>/end/", organisations.end_team, name="team_end"),
    path("posts/", posts.page, name="posts"),
    path("posts/new/", posts.appoint, name="appoint"),
    path("posts/<uuid:area>/end/", posts.end, name="post_end"),
    path("status/", status.page, name="status"),
    path("calendar/", calendar.page, name="calendar"),
    path("calendar/import/", calendar.bring_in, name="calendar_import"),
    path("calendar/recalculate/", calendar.recalculate, name="recalculate"),
    path("audit/", audit.page, name="audit"),
    path("audit.csv", audit.export, name="audit_export"),
]
