"""Public proof on the portal: anybody can check a case, only the holder of the receipt gets their words with it."""

import hashlib
import json
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongzhi.base.actor import SYSTEM
from gongzhi.trust import heads, merkle, signing
from gongzhi.trust.types import Head
from tests.portal.conftest import Resident

pytestmark = pytest.mark.usefixtures("may_seal")

WORDS = "二层楼道堆满纸箱，消防门打不开。"


@pytest.fixture(autouse=True)
def _heads_of_this_test(settings, tmp_path) -> None:
    settings.GONGZHI_HEADS = tmp_path / "heads"


def seal() -> Head:
    return heads.seal(by=SYSTEM, now=timezone.now())


def told(resident: Resident, address: str) -> Any:
    answer = resident.client.get(address)
    assert answer.status_code == 200
    return json.loads(answer.content)


def leads_to_its_head(step: dict[str, Any], head: dict[str, Any]) -> bool:
    leaf = merkle.leaf_hash(bytes.fromhex(step["digest"]))
    path = [bytes.fromhex(each) for each in step["path"]]
    return merkle.includes(leaf, step["entry"], head["size"], path, bytes.fromhex(head["root"]))


def test_before_the_first_seal_the_page_says_so_and_nothing_breaks(resident: Resident) -> None:
    assert "还没有封存" in resident.see("/proof/")
    assert told(resident, "/proof/heads.json") == {"heads": [], "more": False}
    assert resident.open("/proof/heads.atom").status_code == 200
    code, _receipt = resident.report()
    bundle = told(resident, f"/proof/case/{code}/")
    assert bundle["head"] is None
    assert [step["entry"] for step in bundle["steps"]] == [None]
    assert "1 步尚未封存" in resident.see(f"/c/{code}/")


def test_every_step_of_a_case_leads_to_the_signed_head(resident: Resident, accepted: str) -> None:
    head = seal()
    assert "每一步都已封存" in resident.see(f"/c/{accepted}/")
    bundle = told(resident, f"/proof/case/{accepted}/")
    assert bundle["head"] == heads.as_json(head)
    assert len(bundle["steps"]) == 2
    assert all(leads_to_its_head(step, bundle["head"]) for step in bundle["steps"])
    [key] = bundle["keys"]
    public = signing.public_keys()[key["key"]]
    assert signing.is_signed(heads.statement(head), bundle["head"]["signature"], public)


def test_a_stranger_gets_digests_and_no_word_and_no_name(
    resident: Resident, stranger: Resident, accepted: str
) -> None:
    seal()
    bundle = told(stranger, f"/proof/case/{accepted}/")
    assert set(bundle["steps"][0]) == {"seq", "digest", "kind", "at", "entry", "path"}
    assert bundle["own"] is None
    text = json.dumps(bundle, ensure_ascii=False)
    assert WORDS not in text and "person:" not in text


def test_the_receipt_adds_the_words_and_all_that_leads_to_the_digest(
    resident: Resident, stranger: Resident
) -> None:
    code, receipt = resident.report(text=WORDS)
    seal()
    answer = stranger.client.post(f"/proof/case/{code}/", {"receipt": receipt})
    assert f'filename="gongzhi-{code}.json"' in answer["Content-Disposition"]
    bundle = json.loads(answer.content)
    own = bundle["own"]
    assert own["value"] == WORDS
    commitment = hashlib.sha256(bytes.fromhex(own["salt"]) + WORDS.encode()).hexdigest()
    assert commitment in [held for _name, _id, held in json.loads(own["form"])["contents"]]
    assert hashlib.sha256(own["form"].encode()).hexdigest() == bundle["steps"][0]["digest"]


def test_the_words_never_come_by_a_plain_address_nor_with_a_wrong_receipt(
    resident: Resident, stranger: Resident
) -> None:
    code, receipt = resident.report(text=WORDS)
    seal()
    assert told(stranger, f"/proof/case/{code}/?receipt={receipt}")["own"] is None
    assert (
        json.loads(stranger.client.post(f"/proof/case/{code}/", {"receipt": "1" * 12}).content)["own"] is None
    )
    by_hand = resident.client.post(f"/proof/case/{code}/")  # shown in this visit
    assert json.loads(by_hand.content)["own"]["value"] == WORDS


def test_receipts_and_codes_can_not_be_guessed_for_ever(resident: Resident, stranger: Resident) -> None:
    code, receipt = resident.report()
    for _ in range(10):
        stranger.client.post(f"/proof/case/{code}/", {"receipt": "1" * 12})
    assert stranger.client.post(f"/proof/case/{code}/", {"receipt": receipt}).status_code == 429
    for _ in range(30):
        assert stranger.client.get("/proof/case/0000000000000/").status_code == 404
    assert stranger.client.get(f"/proof/case/{code}/").status_code == 429


def test_heads_are_published_as_data_and_as_a_feed(resident: Resident) -> None:
    signed = [heads.as_json(seal()) for _ in range(3)]
    assert told(resident, "/proof/heads.json")["heads"] == signed
    assert told(resident, "/proof/heads.json?after=2")["heads"] == signed[2:]
    assert told(resident, "/proof/heads.json?after=%00x")["heads"] == signed
    feed = ElementTree.fromstring(resident.open("/proof/heads.atom").content)
    entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
    summaries = [each.findtext("{http://www.w3.org/2005/Atom}summary") or "" for each in entries]
    assert [json.loads(each) for each in summaries] == signed[::-1]
    assert told(resident, "/proof/keys.json")["keys"][0]["key"] == signed[0]["key"]


def test_any_two_heads_can_be_shown_to_belong_together(resident: Resident) -> None:
    resident.report()
    old = seal()
    resident.report()
    new = seal()
    answer = told(resident, "/proof/extends.json?old=1&new=2")
    path = [bytes.fromhex(each) for each in answer["path"]]
    assert merkle.extends(old.size, new.size, bytes.fromhex(old.root), bytes.fromhex(new.root), path)
    assert resident.open("/proof/extends.json?old=2&new=1").status_code == 404
    assert resident.open("/proof/extends.json?old=1&new=9").status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_of_heads_takes_the_same_queries_for_one_and_for_thirty(
    resident: Resident, number: int
) -> None:
    for _ in range(number):
        seal()
    with CaptureQueriesContext(connection) as asked:
        page = resident.see("/proof/")
    assert sum("trust_" in query["sql"] for query in asked.captured_queries) == 4  # latest, keys, count, page
    assert page.count("…</td>") == min(number, 24)
    assert ("page=2" in page) == (number > 24)
