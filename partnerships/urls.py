"""The addresses of this app."""

from django.urls import URLPattern, path

from partnerships.views import demo_mail, design, stories

urlpatterns: list[URLPattern] = [
    path("demo/mail/", demo_mail.demo_mail, name="demo_mail"),
    path("demo/mail/<uuid:uuid>/", demo_mail.demo_mail_message, name="demo_mail_message"),
    path("demo/mail/<uuid:uuid>/html/", demo_mail.demo_mail_html, name="demo_mail_html"),
    path("design/", design.design, name="design"),
    path("design/mail/", design.design_mail, name="design_mail"),
    path("stories/", stories.stories, name="stories"),
    path("stories/new/", stories.story_new, name="story-new"),
    path("stories/consent/<uuid:uuid>/", stories.consent, name="consent"),
    path("stories/consent/<uuid:uuid>/answer/", stories.consent_answer, name="consent-answer"),
    path("stories/<slug:slug>/", stories.story, name="story"),
    path("stories/<slug:slug>/change/", stories.story_change, name="story-change"),
    path("stories/<slug:slug>/ask/", stories.story_ask, name="story-ask"),
    path("stories/<slug:slug>/publish/", stories.story_publish, name="story-publish"),
    path("stories/<slug:slug>/withdraw/", stories.story_withdraw, name="story-withdraw"),
]
