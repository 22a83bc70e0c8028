"""Steps that several people's ways have in common: their mail, and making an account."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from partnerships.ground.models import OutboxMail


def mail_to(address: str) -> OutboxMail:
    """The latest mail to somebody."""
    return OutboxMail.objects.filter(to=address).latest("id")


def mailed_link(address: str, site: str) -> str:
    """The address under the button of somebody's latest mail, on the site under test."""
    mail = mail_to(address)
    found = re.search(r":\nhttps?://[^/\s]+(/\S+)", mail.text)
    assert found, mail.text
    return site + found[1]


def mailed_code(address: str) -> str:
    found = re.search(r"Your code: (\S+)", mail_to(address).text)
    assert found
    return found[1]


def sign_up(page: Page, name: str, email: str) -> None:
    """From "Make an account" to being in, with the code from the mail."""
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Make an account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your code")
    page.get_by_label("Code").fill(mailed_code(email))
    page.get_by_role("button", name="Continue").click()
