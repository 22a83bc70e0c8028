from django.apps import AppConfig


class GroundConfig(AppConfig):
    name = "partnerships.ground"
    label = "ground"
