"""Signing in and out, and one's own account, at the root."""

from django.urls import include, path

from gongzhi.desk.pages import (
    account,
    account_factors,
    account_password,
    account_tokens,
    sign_in,
    sign_in_second,
)

own = [
    path("", account.page, name="home"),
    path("confirm/", account.confirm, name="confirm"),
    path("password/", account_password.page, name="password"),
    path("second-factor/", account_factors.page, name="factors"),
    path("second-factor/phone/", account_factors.phone, name="phone"),
    path("second-factor/passkey/", account_factors.passkey, name="passkey"),
    path("second-factor/codes/", account_factors.codes, name="codes"),
    path("second-factor/<int:factor>/remove/", account_factors.remove, name="remove_factor"),
    path("sessions/others/end/", account.end_others, name="end_others"),
    path("sessions/<uuid:session>/end/", account.end_one, name="end_session"),
    path("keys/", account_tokens.page, name="tokens"),
    path("keys/<uuid:token>/revoke/", account_tokens.revoke, name="revoke_token"),
]

urlpatterns = [
    path("sign-in/", sign_in.enter, name="sign_in"),
    path("sign-in/second/", sign_in_second.page, name="sign_in_second"),
    path("sign-in/city/", sign_in.city, name="sign_in_city"),
    path("sign-in/city/back/", sign_in.city_back, name="sign_in_city_back"),
    path("sign-out/", sign_in.leave, name="sign_out"),
    path("account/", include((own, "account"))),
]
