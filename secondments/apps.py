from django.apps import AppConfig


class SecondmentsConfig(AppConfig):
    name = "secondments"
