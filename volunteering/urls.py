from django.urls import path

from volunteering.views import needs

urlpatterns = [
    path("skills/", needs.needs, name="needs"),
    path("skills/new/", needs.need_new, name="need-new"),
    path("skills/<uuid:uuid>/", needs.need, name="need"),
    path("skills/<uuid:uuid>/change/", needs.need_change, name="need-change"),
    path("skills/<uuid:uuid>/publish/", needs.need_publish, name="need-publish"),
    path("skills/<uuid:uuid>/met/", needs.need_met, name="need-met"),
    path("skills/<uuid:uuid>/withdraw/", needs.need_withdraw, name="need-withdraw"),
    path("skills/<uuid:uuid>/answer/", needs.need_answer, name="need-answer"),
]
