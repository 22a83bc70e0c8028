"""The registers that can be imported, by name."""

from partnerships.importers import charities, councils, nhs, police
from partnerships.importers.records import RegisterFile

REGISTER_FILES: dict[str, RegisterFile] = {
    file.register: file for file in (councils.FILE, nhs.TRUSTS_FILE, nhs.BOARDS_FILE, police.FILE, charities.FILE)
}
