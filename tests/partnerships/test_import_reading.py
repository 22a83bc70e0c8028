"""Files as they come: names that shout, quotation marks, dates, addresses in the wrong column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from partnerships.importers.facts import keep, shown
from partnerships.importers.names import readable_name, readable_text, without_contacts
from partnerships.importers.reading import (
    Layout,
    Rejected,
    Row,
    WrongFile,
    check,
    date_in,
    pounds_in,
    rows,
    website_in,
)
from partnerships.states import Register

LAYOUT = Layout(columns=("id", "name"), expected="a list with id and name")


@pytest.mark.parametrize(
    ("shouted", "readable"),
    [
        ("MANCHESTER UNIVERSITY NHS FOUNDATION TRUST", "Manchester University NHS Foundation Trust"),
        ("GUY'S AND ST THOMAS' NHS FOUNDATION TRUST", "Guy's and St Thomas' NHS Foundation Trust"),
        (
            "THE QUEEN ELIZABETH HOSPITAL, KING'S LYNN, NHS FOUNDATION TRUST",
            "The Queen Elizabeth Hospital, King's Lynn, NHS Foundation Trust",
        ),
        ("NHS GREATER MANCHESTER INTEGRATED CARE BOARD", "NHS Greater Manchester Integrated Care Board"),
        ("1ST BOLTON SCOUT GROUP", "1st Bolton Scout Group"),
        ("ST MARTIN-IN-THE-FIELDS", "St Martin-in-the-Fields"),
        ("STOKE-ON-TRENT DROP-IN", "Stoke-on-Trent Drop-in"),
        ("FRIENDS OF ST. JOHN'S C.E. SCHOOL (PTA)", "Friends of St. John's C.E. School (PTA)"),
        ("O'NEILL FUND", "O'Neill Fund"),
        ("MCDONALD HOUSE", "McDonald House"),
        ("MACMILLAN NURSES", "Macmillan Nurses"),
        ("WORLD WAR II (LINCOLN)", "World War II (Lincoln)"),
        ("THE AFRICAN MORINGA AND PERMACULTURE PROJECT (AMPP)", "The African Moringa and Permaculture Project (AMPP)"),
        ("RAF BENEVOLENT FUND UK LTD", "RAF Benevolent Fund UK Ltd"),
        ("TVS (SERVICES) CIO", "TVS (Services) CIO"),
        ("HEADSTART4BABIES LIMITED", "Headstart4Babies Limited"),
        ("BD4 COMMUNITY TRUST", "BD4 Community Trust"),
        ("A - THE BEGINNING", "A - The Beginning"),
        ("  TWO   SPACES  ", "Two Spaces"),
        ("ROCK 'N' ROLL", "Rock 'N' Roll"),
        ("FUND OF THE SISTERS (OF MERCY)", "Fund of the Sisters (of Mercy)"),
        ("1St Magherally Rainbows", "1st Magherally Rainbows"),
        ("2Nd Donaghadee Squirrel Drey", "2nd Donaghadee Squirrel Drey"),
        ("5Th Element Ni", "5th Element Ni"),
        ("The Gemma Mchale Foundation", "The Gemma McHale Foundation"),
        ("Mcquiston Memorial Congregation", "McQuiston Memorial Congregation"),
        ("O'laverty Trust", "O'Laverty Trust"),
        ("Ian Mactaggart Trust", "Ian Mactaggart Trust"),
        ("The Children'S Society", "The Children's Society"),
        ("St John’S Church", "St John’s Church"),
        ("The Six O'clock Club", "The Six O'clock Club"),
        ("McCarthy and McDONALD Fund", "McCarthy and McDONALD Fund"),
        ("Mcr Pride", "Mcr Pride"),
        ("dressCode", "dressCode"),
        ("Mind in Salford", "Mind in Salford"),
        ("", ""),
    ],
)
def test_names_are_written_the_way_that_people_do(shouted: str, readable: str) -> None:
    assert readable_name(shouted) == readable
    assert readable_name(readable) == readable, "what was put right once stays, so that a second import changes nothing"


def test_text_in_capitals_becomes_sentences_and_other_text_stays() -> None:
    assert readable_text("TO HELP PEOPLE IN WALES. TO FEED THEM.") == "To help people in Wales. To feed them."
    assert readable_text("We run a drop-in in the NHS building.") == "We run a drop-in in the NHS building."
    assert readable_text("  12345 ") == "12345"


def test_free_text_loses_mails_and_telephone_numbers_and_whole_postcodes() -> None:
    text = "Ring 01434 608030 or (028 9267 3720), +44 161 496 0000, mail jo.b@example.org.uk; meet at LA4 4NW in 2019."
    assert without_contacts(text) == "Ring … or …), …, mail …; meet at LA4 in 2019."


@pytest.mark.parametrize(
    ("typed", "website"),
    [
        ("http://www.foo.org.uk/a", "http://www.foo.org.uk/a"),
        ("www.foo.org.uk", "http://www.foo.org.uk"),
        ("HTTPS://FOO.ORG/Path", "https://foo.org/Path"),
        ("http://HTTP://foo.wordpress.com", "http://foo.wordpress.com"),
        ("http://www:foo.org.uk", ""),
        ("http://20 heron road belfast bt3 9le", ""),
        ("http://somebody@example.com", ""),
        ("somebody@example.com", ""),
        ("javascript:alert(1)", ""),
        ("http://.none", ""),
        ("none", ""),
        ("", ""),
        (f"http://foo.org/{'x' * 200}", ""),
    ],
)
def test_only_a_proper_web_address_is_a_website(typed: str, website: str) -> None:
    assert website_in(typed) == website


@pytest.mark.parametrize("typed", ["2019-03-31", "31/03/2019", "20190331", "2019-03-31T00:00:00", "31 March 2019"])
def test_a_date_is_read_in_every_way_that_registers_write_it(typed: str) -> None:
    assert date_in(typed) == date(2019, 3, 31)


@pytest.mark.parametrize("typed", ["2019-02-30", "soon", "", "31/31/2019"])
def test_what_is_no_date_is_none(typed: str) -> None:
    assert date_in(typed) is None


def test_pounds_are_whole() -> None:
    assert [pounds_in(text) for text in ("75186.0", "£75,186", "", "lots", "nan", "inf")] == [
        75186, 75186, None, None, None, None,
    ]  # fmt: skip


# Files ------------------------------------------------------------------------------------------------------------


def read(path: Path, content: str | bytes) -> list[Row | Rejected]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    check(path, LAYOUT)
    return list(rows(path, LAYOUT))


def names(found: list[Row | Rejected]) -> list[str]:
    return [row["name"] for row in found if isinstance(row, Row)]


@pytest.mark.parametrize(
    "content",
    [
        "id,name\n1,One\n2,Two\n",
        "\ufeffid,name\r\n1,One\r\n2,Two\r\n",
        "id\tname\n1\tOne\n2\tTwo",
        "name,more,id\nOne,x,1\n\nTwo,y,2\n",
        ' id , "name" \n1, One \n2,"Two"\n'.replace(', "name" ', ',"name"'),
    ],
    ids=["plain", "byte-order mark", "tabs", "more columns and an empty line", "spaces"],
)
def test_the_usual_shapes_are_read_alike(tmp_path: Path, content: str) -> None:
    assert names(read(tmp_path / "file.csv", content)) == ["One", "Two"]


def test_quotation_marks_inside_tab_separated_fields_are_their_own(tmp_path: Path) -> None:
    found = read(tmp_path / "file.txt", 'id\tname\n1\t"Friends" of the park\n2\t5" gauge club\n3\t"The ""Shed"""\n')
    assert names(found) == ['"Friends" of the park', '5" gauge club', 'The "Shed"']


def test_a_field_may_have_several_lines(tmp_path: Path) -> None:
    found = read(tmp_path / "file.csv", 'id,name\n1,"One\nand more"\n2,Two\n')
    assert names(found) == ["One\nand more", "Two"]
    assert [row.line for row in found] == [2, 4]


def test_a_quotation_mark_that_is_never_closed_costs_its_own_line_only(tmp_path: Path) -> None:
    found = read(tmp_path / "file.csv", 'id,name\n1,"One\n2,Two\n3,Three\n')
    assert names(found) == ["Two", "Three"]
    assert found[0] == Rejected(2, "a quotation mark is opened and never closed")


def test_two_stray_quotation_marks_do_not_swallow_the_rows_between(tmp_path: Path) -> None:
    found = read(tmp_path / "file.csv", 'id,name\n1,a 5" pipe, old\n2,Two\n3,a 6" pipe, new\n4,Four\n')
    assert names(found) == ["Two", "Four"]
    assert [row.line for row in found if isinstance(row, Rejected)] == [2, 4]


def test_a_row_with_too_few_columns_is_rejected_with_its_line(tmp_path: Path) -> None:
    found = read(tmp_path / "file.csv", "id,name\n1,One\n2\n3,Three\n")
    assert found[1] == Rejected(3, "1 columns where there should be 2")


def test_a_cell_of_unreasonable_size_is_rejected(tmp_path: Path) -> None:
    found = read(tmp_path / "file.csv", f'id,name\n1,"{"x" * 200_000}"\n2,Two\n')
    assert names(found) == ["Two"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"  \n \n", "is empty"),
        (b"id,name\n", "has a header and no rows"),
        (b"id,name", "has a header and no rows"),
        (b"code,title\n1,One\n", "has no column id, name"),
        (b"id,title\n1,One\n", "has no column name"),
        ("id,name\n1,Café\n".encode("latin-1"), "is not in UTF-8"),
        ("id,name\n1,One\n".encode("utf-16"), "is not in UTF-8"),
        (b"PK\x03\x04\x00\x00\x00", "is not a text file"),
    ],
)
def test_a_wrong_file_is_refused_with_what_was_expected(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(WrongFile, match=f"{said}.*xpected a list with id and name"):
        check(path, LAYOUT)


def test_a_wrong_byte_far_down_refuses_the_file_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"id,name\n" + b"1,One\n" * 50_000 + b"2,Caf\xe9\n")
    with pytest.raises(WrongFile, match="UTF-8"):
        check(path, LAYOUT)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="is a folder"):
        check(tmp_path, LAYOUT)
    with pytest.raises(WrongFile, match="does not exist"):
        check(tmp_path / "none.csv", LAYOUT)


def test_facts_outside_the_list_are_not_kept() -> None:
    with pytest.raises(ValueError, match="does not keep phone"):
        keep(Register.POLICE, area="Kent", phone="101")


def test_facts_are_shown_with_names_and_in_words() -> None:
    facts = keep(
        Register.UKCAT,
        income=75186,
        registered=date(1990, 8, 2),
        causes=["Youth", "Sport"],
        activities="",
        spending=None,
    )
    assert [(str(fact.key), fact.value) for fact in shown(Register.UKCAT, facts)] == [
        ("Registered", "2 August 1990"),
        ("Causes", "Youth, Sport"),
        ("Income that year", "£75,186"),
    ]
