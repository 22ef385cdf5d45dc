"""The public map and its twin list, the pages about Gongzhi, large letters, headers on every page."""

import json
import re

import pytest
from django.utils import timezone

from gongzhi.accounts import queries as accounts
from gongzhi.base import actor
from gongzhi.cases import operations

PAGES = ["/", "/about/", "/promises/", "/senior/", "/report/", "/receipt/", "/c/", "/map/", "/c/123/"]
PAGES += ["/data/", "/data/request/", "/support/", "/support/?kind=youth.support_team", "/refusals/"]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_a_title_landmarks_a_skip_link_and_no_inline_code(resident, address):
    page = resident.see(address)
    assert re.search(r"<title>[^<·]+·[^<]+</title>", page)
    assert '<html lang="zh-Hans"' in page
    assert page.count('<main id="main"') == page.count("<header") == page.count("<footer") == 1
    assert page.count("<h1") == 1
    assert 'href="#main"' in page
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", page)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_speaks_chinese_throughout(resident, address):
    page = resident.see(address)
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.S)
    left = set(re.findall(r"[A-Za-z]{4,}", words)) - {"JavaScript"}
    assert not left


def test_it_serves_boundaries_that_browsers_may_keep(resident):
    answer = resident.open("/map/boundaries.geojson", level="township")
    assert answer["Content-Type"].startswith("application/geo+json")
    assert "max-age" in answer["Cache-Control"]
    assert json.loads(answer.content)["features"]
    again = resident.client.get(
        "/map/boundaries.geojson?level=township", headers={"If-None-Match": answer["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("query", [{"level": "galaxy"}, {"parent": "x"}])
def test_it_refuses_boundaries_that_do_not_exist(resident, query):
    assert resident.open("/map/boundaries.geojson", **query).status_code == 422


def test_it_says_what_would_be_on_an_empty_map(resident):
    page = resident.see("/map/")
    assert 'class="empty"' in page
    assert json.loads(resident.see("/map/cases.geojson"))["features"] == []


def test_the_map_and_the_list_hold_the_same_matters(resident, accepted):
    features = json.loads(resident.see("/map/cases.geojson"))["features"]
    assert [each["properties"]["code"] for each in features] == [accepted]
    assert f'data-code="{accepted}"' in resident.see("/map/")
    assert f'data-code="{accepted}"' not in resident.see("/map/", state="done")
    assert json.loads(resident.see("/map/cases.geojson", state="done"))["features"] == []


def test_large_letters_are_kept_and_lead_back(resident):
    answer = resident.client.post("/senior/", {"size": "2", "back": "/map/?state=open"})
    assert answer["Location"] == "/map/?state=open"
    assert 'class="senior senior-larger"' in resident.see("/")
    resident.client.post("/senior/", {"size": ""})
    assert 'class="senior' not in resident.see("/").split("<body", 1)[0]


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil"]
)
def test_large_letters_lead_nowhere_else(resident, back):
    assert resident.client.post("/senior/", {"size": "1", "back": back})["Location"] == "/"


def test_an_unknown_address_leads_home(resident):
    answer = resident.open("/no/such/page/")
    assert answer.status_code == 404
    assert 'href="/"' in answer.content.decode()


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize(
    ("page", "queries"), [("/map/", 5), ("/map/cases.geojson", 5), ("/data/", 5), ("/data/map.csv", 4)]
)
def test_a_public_page_costs_the_same_for_one_matter_as_for_three(
    resident, accepted, many, page, queries, django_assert_num_queries
):
    dispatcher = accounts.person_by_username("dispatcher")
    for _number in range(many - 1):
        code, _receipt = resident.report(kind="hazards.blocked_exit")
        operations.accept_case(case=code, by=actor.person(dispatcher.id), now=timezone.now())
    resident.open(page)
    with django_assert_num_queries(queries):
        resident.open(page)
