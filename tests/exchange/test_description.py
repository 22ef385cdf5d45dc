"""What the API says of itself, and the lists anybody may read."""

import json
from pathlib import Path
from typing import Any

import gongzhi
from gongzhi.exchange import present


def pieces(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        return [node, *(found for value in node.values() for found in pieces(value))]
    return [found for item in node for found in pieces(item)] if isinstance(node, list) else []


def test_the_description_is_whole(api):
    description = api.get("openapi.json").body
    assert description["openapi"].startswith("3.1")
    for piece in pieces(description):
        if "$ref" in piece:
            found: Any = description
            for part in piece["$ref"].removeprefix("#/").split("/"):
                found = found[part]
    names = [
        operation["operationId"] for path in description["paths"].values() for operation in path.values()
    ]
    assert len(names) == len(set(names)) == 11
    for path in description["paths"].values():
        for operation in path.values():
            assert "application/problem+json" in operation["responses"]["default"]["content"]
            assert operation["summary"]


def test_there_is_no_page_that_loads_scripts_from_elsewhere(client, demo_cell):
    assert client.get("/api/v1/docs").status_code == 404


def test_it_lists_kinds_in_the_callers_language(api):
    kinds = {kind["key"]: kind["title"] for kind in api.get("kinds").body["kinds"]}
    assert "hazards.manhole" in kinds
    assert not any(key.startswith("intake.") for key in kinds)
    api.language = "en"
    english = {kind["key"]: kind["title"] for kind in api.get("kinds").body["kinds"]}
    assert english.keys() == kinds.keys()
    assert english["hazards.manhole"].isascii()


def test_it_lists_areas_level_by_level(api):
    towns = api.get("areas").body["areas"]
    inside = api.get(f"areas?level=community&parent={towns[0]['id']}").body["areas"]
    assert {area["parent_id"] for area in inside} == {towns[0]["id"]}
    assert api.get("areas?level=galaxy").body["code"] == "not_a_choice"
    assert api.get("areas?parent=x").body["field"] == "parent"


def test_only_a_replay_can_move_the_clock():
    package = Path(gongzhi.__file__).parent
    movers = {
        str(file.relative_to(package))
        for file in package.rglob("*.py")
        if "present.at(" in file.read_text(encoding="utf-8")
    }
    assert movers == {"exchange/replay/caller.py"}
    assert present._replayed.get() is None


def test_a_fault_of_ours_is_told_without_a_detail(monkeypatch, client, demo_cell):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("gongzhi.exchange.doors.lists.programs.current_kinds", broken)
    client.raise_request_exception = False
    answer = client.get("/api/v1/kinds")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    assert json.loads(answer.content)["code"] == "broken"
