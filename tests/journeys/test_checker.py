"""The checker, saved to disk and opened without any server: good proof passes, one changed digit is named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongzhi.base.actor import SYSTEM
from gongzhi.trust import heads
from tests.cases.conftest import Town
from tests.races.conftest import open_town

__all__ = ["open_town"]

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("may_seal")]
Meddle = Callable[[dict[str, Any]], Any]


def seal() -> None:
    heads.seal(by=SYSTEM, now=timezone.now())


@pytest.fixture
def proofs(open_town: Town, settings, tmp_path: Path) -> dict[str, Any]:
    """An older and a newer proof of one case, the newer with the reporter's words, and the checker as a file."""
    settings.GONGZHI_HEADS = tmp_path / "heads"
    receipt, client = open_town.report(), Client()
    code = receipt.case_code
    seal()
    older = json.loads(client.get(f"/proof/case/{code}/").content)
    for number in range(2, 5):
        open_town.report(number)
    open_town.accepted()
    seal()
    answer = client.post(f"/proof/case/{code}/", {"receipt": receipt.receipt_code})
    (tmp_path / "check.html").write_bytes(client.get("/proof/check/file/").content)
    return {"older": older, "newer": json.loads(answer.content), "checker": tmp_path / "check.html"}


@pytest.fixture
def checker(proofs: dict[str, Any], open_page: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Check two bundles as a person would: choose the files, press the button, read what it says."""
    page = open_page(offline=True)
    page.goto(f"file://{proofs['checker']}")

    def check(newer: dict[str, Any], older: dict[str, Any] | None = None) -> tuple[str, list[str]]:
        page.reload()
        for name, bundle in (("bundle", newer), ("older", older)):
            if bundle is not None:
                (tmp_path / f"{name}.json").write_text(json.dumps(bundle))
                page.set_input_files(f"#{name}-file", tmp_path / f"{name}.json")
        page.click("button[type=submit]")
        page.wait_for_selector(".findings:not([hidden])")
        return page.inner_text("#verdict"), page.locator("#findings li.bad").all_inner_texts()

    return check


def test_a_good_proof_passes_with_the_words_and_an_older_file(
    proofs: dict[str, Any], checker: Callable[..., Any]
) -> None:
    assert checker(proofs["newer"]) == ("全部对得上，封存之后没有改动。", [])
    assert checker(proofs["newer"], proofs["older"]) == ("全部对得上，封存之后没有改动。", [])


def another_digit(text: str, place: int = -1) -> str:
    """The same hexadecimal text with one digit changed."""
    other = "0" if text[place] != "0" else "1"
    return text[:place] + other + (text[place + 1 :] if place != -1 else "")


CHANGES: list[tuple[Meddle, str]] = [
    (lambda b: b["steps"][1].update(digest=another_digit(b["steps"][1]["digest"])), "第 2 步对不上"),
    (lambda b: b["steps"][0].update(entry=b["steps"][0]["entry"] + 1), "第 1 步对不上"),
    (
        lambda b: b["steps"][0]["path"].__setitem__(0, another_digit(b["steps"][0]["path"][0])),
        "第 1 步对不上",
    ),
    (lambda b: b["head"].update(size=b["head"]["size"] + 1), "第 2 次封存：签名和内容对不上"),
    (
        lambda b: b["head"].update(signature=another_digit(b["head"]["signature"], 3)),
        "第 2 次封存：签名和内容对不上",
    ),
    (lambda b: b["keys"][0].update(public=another_digit(b["keys"][0]["public"])), "第 2 次封存：文件里没有"),
    (lambda b: b["earlier"]["head"].update(root=another_digit(b["earlier"]["head"]["root"])), "账被改写过"),
    (lambda b: b["own"].update(value=b["own"]["value"] + "！"), "您自己写的话和第 1 步封存的对不上"),
    (lambda b: b["own"].update(form=b["own"]["form"].replace("resident", "resident ")), "您自己写的话"),
]


def test_one_changed_digit_is_named(proofs: dict[str, Any], checker: Callable[..., Any]) -> None:
    for change, finding in CHANGES:
        bundle = json.loads(json.dumps(proofs["newer"]))
        change(bundle)
        verdict, wrong = checker(bundle)
        assert verdict.startswith("有对不上的地方"), finding
        assert any(finding in line for line in wrong), (finding, wrong)


def test_an_older_file_that_tells_another_story_is_named(
    proofs: dict[str, Any], checker: Callable[..., Any]
) -> None:
    older = json.loads(json.dumps(proofs["older"]))
    older["steps"][0]["digest"] = another_digit(older["steps"][0]["digest"])
    assert "第 1 步和您以前文件里的不一样。" in checker(proofs["newer"], older)[1]
    assert checker(proofs["older"], proofs["newer"])[1] == ["“以前的文件”比前一个文件还新，请把两个对调。"]


def test_heads_kept_from_the_portal_serve_as_the_older_file(
    proofs: dict[str, Any], checker: Callable[..., Any]
) -> None:
    kept = {"heads": [proofs["older"]["head"]], "more": False}
    assert checker(proofs["newer"], kept) == ("全部对得上，封存之后没有改动。", [])
    kept["heads"][0]["root"] = another_digit(kept["heads"][0]["root"])
    assert any("账被改写过" in line for line in checker(proofs["newer"], kept)[1])


def test_what_is_no_proof_is_said_plainly(checker: Callable[..., Any]) -> None:
    assert checker({"hello": "world"}) == ("这不是存证文件。请选择在事项页面保存的文件。", [])
