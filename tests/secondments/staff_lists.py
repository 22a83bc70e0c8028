"""What the tests of lists of people to invite share: sending a file, and pressing what stands on its page."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from secondments.models import Round, StaffList
from tests.client import enter

FILE = "Name;Email;Job title;Commissioner\r\nZoë Quill;zoe@advice.example.org;Adviser;\r\nNo Mail;;;\r\n"


def send_file(user: Any, a_round: Round, text: str = FILE, **fields: str) -> Any:
    data = {"file": SimpleUploadedFile("staff.csv", text.encode("cp1252"), content_type="text/csv"), **fields}
    return enter(user).post(reverse("staff-list-new", args=[a_round.slug]), data, follow=True)


def page(user: Any, name: str = "staff-list") -> Any:
    return enter(user).get(reverse(name, args=[StaffList.objects.get().uuid]))


def press(user: Any, name: str) -> Any:
    return enter(user).post(reverse(name, args=[StaffList.objects.get().uuid]), follow=True)


def many(count: int, domain: str = "advice.example.org") -> str:
    return "Name,Email\n" + "".join(f"Person {number},p{number}@{domain}\n" for number in range(count))
