"""Signing in and out, at the root."""

from django.urls import path

from gongzhi.desk.pages import sign_in

urlpatterns = [
    path("sign-in/", sign_in.enter, name="sign_in"),
    path("sign-out/", sign_in.leave, name="sign_out"),
]
