"""A resident gives a protected tip and comes back with the receipt: shown once, and nowhere else."""

import json
import logging
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from gongzhi.portal import reporter
from gongzhi.tips import doorstep, operations, queries
from tests.tips.conftest import TipTown, cheap_guesses, town

__all__ = ["cheap_guesses", "town"]

WORDS = "夜市里有人收保护费，三号楼下面。"


def send(client: Client, **fields: object):
    found = re.search(r'name="form_id" value="([^"]+)"', client.get("/tips/").content.decode())
    assert found is not None
    return client.post("/tips/", {"form_id": found[1], "text": WORDS, **fields})


def receipt_of(answer) -> str:
    found = re.search(r'data-receipt="(\d{16})"', answer.content.decode())
    assert found is not None, answer.content.decode()
    return found[1]


def everything_stored() -> str:
    """Every table of the cell as text."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found = []
        for name in names:
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [f'"{name}"'])
            if cursor.fetchone()[0]:
                cursor.execute(f'SELECT t::text FROM "{name}" t')
                found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.parametrize("address", ["/tips/", "/tips/open/"])
def test_the_pages_are_whole_chinese_and_never_kept(town: TipTown, address):
    answer = Client().get(address)
    page = answer.content.decode()
    assert page.count("<h1") == page.count('<main id="main"') == 1
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.S)
    assert not set(re.findall(r"[A-Za-z]{4,}", words)) - {"JavaScript"}
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"


def test_without_anybody_to_receive_it_the_page_names_the_other_doors(resident):
    page = resident.see("/tips/")
    assert "12388" in page
    assert 'name="form_id"' not in page


def test_the_receipt_is_shown_once_and_stands_nowhere_else(town: TipTown, caplog):
    caplog.set_level(logging.DEBUG)
    client = Client()
    answer = send(client)
    receipt = receipt_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert client.post("/tips/open/", {"receipt": receipt}).status_code == 302
    opened = client.get("/tips/open/")
    assert WORDS in opened.content.decode()
    assert receipt not in opened.content.decode()
    stored = everything_stored()
    session = str(dict(client.session.items()))
    assert "tips_reporter" in session
    for place in (stored, session, caplog.text, str(client.cookies)):
        assert receipt not in place
        assert WORDS not in place


def test_the_receipt_is_typed_again_before_the_page_lets_go(town: TipTown):
    client = Client()
    receipt = receipt_of(send(client))
    wrong = client.post("/tips/check/", {"shown": receipt, "typed": "1" * 16})
    assert wrong.status_code == 422
    assert receipt_of(wrong) == receipt
    right = client.post("/tips/check/", {"shown": receipt, "typed": " ".join(receipt)})
    assert right.status_code == 200
    assert receipt not in right.content.decode()


def test_a_form_sent_twice_makes_one_tip(town: TipTown):
    client = Client()
    found = re.search(r'name="form_id" value="([^"]+)"', client.get("/tips/").content.decode())
    assert found is not None
    given = {"form_id": found[1], "text": WORDS}
    assert [client.post("/tips/", given).status_code for _ in range(2)] == [200, 409]
    assert len(queries.tips_for(town.id("tipmember"))) == 1


def test_what_is_missing_is_said_and_the_words_are_kept(town: TipTown):
    answer = send(Client(), text="", keep_from="某人")
    assert answer.status_code == 422
    assert 'id="text-error"' in answer.content.decode()
    assert "某人" in answer.content.decode()


def test_the_proof_is_genuine_and_needs_the_receipt(town: TipTown):
    client = Client()
    receipt = receipt_of(send(client))
    proof = client.post("/tips/proof/", {"shown": receipt})
    assert queries.check_proof(proof.content.decode()).genuine
    assert "text" not in json.loads(proof.content)
    assert client.post("/tips/proof/", {"shown": "1" * 16}).status_code == 404
    assert client.post("/tips/proof/").status_code == 404


def test_a_wrong_receipt_is_answered_as_if_there_were_none(town: TipTown):
    client = Client()
    send(client)
    wrong = client.post("/tips/open/", {"receipt": "1" * 16})
    short = client.post("/tips/open/", {"receipt": "12"})
    assert wrong.status_code == short.status_code == 404
    strip = re.compile(r'value="[^"]{40,}"|name="now" content="[^"]+"')
    assert strip.sub("", wrong.content.decode()) == strip.sub("", short.content.decode())


def test_talk_goes_both_ways_with_files_and_a_name(town: TipTown):
    client = Client()
    receipt = receipt_of(send(client, name="甲某"))
    client.post("/tips/open/", {"receipt": receipt})
    tip = operations.open_receipt(receipt=receipt, now=town.now).tip
    operations.open_tip(tip=tip, **town.acting("tipmember"))
    operations.answer_reporter(tip=tip, text="几点的事？", **town.acting("tipmember"))
    assert "几点的事？" in client.get("/tips/open/").content.decode()
    photo = SimpleUploadedFile("notes.txt", "晚上八点".encode())
    assert client.post("/tips/open/write/", {"text": "晚上八点。", "files": photo}).status_code == 302
    page = client.get("/tips/open/").content.decode()
    assert "晚上八点。" in page
    found = re.search(r'name="file" value="([^"]+)"', page)
    assert found is not None
    assert client.post("/tips/open/file/", {"file": found[1]}).content == "晚上八点".encode()
    assert client.post("/tips/open/identity/", {"contact": "138"}).status_code == 302


@pytest.mark.parametrize("door", ["write", "identity", "file", "claim"])
def test_without_the_receipt_no_door_opens(town: TipTown, door):
    assert Client().post(f"/tips/open/{door}/", {"text": "x"}).status_code == 403


def test_leaving_shuts_the_tip(town: TipTown):
    client = Client()
    client.post("/tips/open/", {"receipt": receipt_of(send(client))})
    client.post("/tips/open/leave/")
    assert WORDS not in client.get("/tips/open/").content.decode()


def test_files_of_a_tip_stay_off_the_disk_and_forged_forms_are_refused(town: TipTown, monkeypatch):
    kept: list[str] = []
    read = reporter.uploads

    def watched(request):
        kept.extend(type(file).__name__ for file in request.FILES.getlist("files"))
        return read(request)

    monkeypatch.setattr(reporter, "uploads", watched)
    large = SimpleUploadedFile("large.txt", b"a" * 3_000_000)
    assert send(Client(), files=large).status_code == 200
    assert kept == ["InMemoryUploadedFile"]
    assert Client(enforce_csrf_checks=True).post("/tips/", {"text": WORDS}).status_code == 403


def test_anyone_checks_a_proof_and_learns_the_day_only(town: TipTown):
    client = Client()
    receipt = receipt_of(send(client))
    proof = client.post("/tips/proof/", {"shown": receipt}).content.decode()
    stranger = Client()
    good = stranger.post("/tips/proof/check/", {"proof": proof}).content.decode()
    file = SimpleUploadedFile("proof.json", proof.encode())
    assert "notice on_time" in good
    assert "notice on_time" in stranger.post("/tips/proof/check/", {"files": file}).content.decode()
    [row] = queries.tips_for(town.id("tipmember"))
    assert not [word for word in (row.number, row.unit_name, WORDS, receipt) if word in good]
    said = json.loads(proof)
    for other in ({**said, "day": "2020-01-01"}, {}, [], {**said, "signature": "x"}):
        bad = stranger.post("/tips/proof/check/", {"proof": json.dumps(other)}).content.decode()
        assert "notice late" in bad


def test_a_flood_from_one_address_is_turned_away_and_the_words_are_kept(town: TipTown, monkeypatch):
    monkeypatch.setattr(doorstep, "BY_ONE_COUNTER", 2)
    assert [send(Client()).status_code for _ in range(3)] == [200, 200, 429]
    refused = send(Client())
    assert WORDS in refused.content.decode()
    assert "12345" in refused.content.decode()
    assert len(queries.tips_for(town.id("tipmember"))) == 2


def test_a_flood_from_everywhere_is_turned_away_and_ends_with_its_span(town: TipTown, monkeypatch):
    monkeypatch.setattr(doorstep, "BY_EVERYBODY", 3)
    for number in range(3):
        doorstep.refuse_flood(f"10.0.0.{number}", town.now)
    with pytest.raises(doorstep.TooMany):
        doorstep.refuse_flood("10.0.9.9", town.now)
    doorstep.refuse_flood("10.0.9.9", town.now + timedelta(seconds=doorstep.SPAN))


def test_no_counter_at_the_door_holds_an_address(town: TipTown):
    used = {doorstep._counter(f"10.{n // 250}.{n % 250}.1", 7) for n in range(5000)}
    assert len(used) == doorstep.COUNTERS
    assert doorstep._counter("10.0.0.1", 7) == doorstep._counter("10.0.0.1", 7)
