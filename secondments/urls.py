"""The addresses of this app."""

from django.urls import URLPattern, path

from secondments.views import desk, rounds

urlpatterns: list[URLPattern] = [
    path("programmes/", rounds.rounds, name="rounds"),
    path("programmes/new/", rounds.round_new, name="round-new"),
    path("programmes/<slug:slug>/", rounds.round_page, name="round"),
    path("programmes/<slug:slug>/join/", rounds.round_join, name="round-join"),
    path("programmes/<slug:slug>/leave/", rounds.round_leave, name="round-leave"),
    path("programmes/<slug:slug>/desk/", desk.round_desk, name="round-desk"),
    path("programmes/<slug:slug>/progress/", desk.round_progress, name="round-progress"),
    path("programmes/<slug:slug>/close/", desk.round_close, name="round-close"),
    path("programmes/<slug:slug>/reopen/", desk.round_reopen, name="round-reopen"),
    path("programmes/<slug:slug>/match/", desk.round_match, name="round-match"),
    path("programmes/<slug:slug>/put-aside/", desk.round_put_aside, name="round-put-aside"),
    path("programmes/<slug:slug>/publish/", desk.round_publish, name="round-publish"),
]
