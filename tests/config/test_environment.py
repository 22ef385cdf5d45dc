import pytest

from gongzhi.config.environment import EnvironmentProblem, parse_database_url, read


@pytest.fixture
def given(tmp_path):
    return lambda **settings: read({"GONGZHI_DATA": str(tmp_path), **settings})


def test_it_needs_no_setting_at_all(given):
    env = given()
    assert (env.port, env.stream_port, env.embedded) == (8000, 8001, True)
    assert env.database["USER"] == "gongzhi_app"


def test_the_secret_key_is_made_once_and_kept_private(given, tmp_path):
    assert given().secret_key == given().secret_key
    assert (tmp_path / "keys/django.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys/postgres.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "setting",
    [
        {"GONGZHI_PORT": "eight thousand"},
        {"GONGZHI_PORT": "70000"},
        {"GONGZHI_HTTPS": "perhaps"},
        {"GONGZHI_PUBLIC_URL": "example.org"},
        {"GONGZHI_EMAIL": "pigeon"},
        {"GONGZHI_SECOND_FACTOR": "perhaps"},
        {"GONGZHI_IDLE_MINUTES": "0"},
        {"GONGZHI_OIDC_ISSUER": "http://city.example.org"},
        {"GONGZHI_OIDC_ISSUER": "https://city.example.org"},
        {"GONGZHI_OIDC_HOSTS": "https://login.example.org"},
        {"GONGZHI_OIDC_HOSTS": "login.example.org/keys"},
        {"DATABASE_URL": "mysql://root@localhost/x"},
        {"DATABASE_URL": "postgresql://user:pass@[half/x"},
    ],
)
def test_it_refuses_a_bad_value_by_name_in_one_line(given, setting):
    with pytest.raises(EnvironmentProblem) as refused:
        given(**setting)
    assert next(iter(setting)) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_it_does_not_repeat_a_password(given):
    with pytest.raises(EnvironmentProblem) as refused:
        given(DATABASE_URL="postgres//me:secret@host/db")
    assert "secret" not in str(refused.value)


def test_it_reads_a_server_address():
    database = parse_database_url("postgresql://me:p%40ss@db.local:5433/cell?sslmode=require")
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.local", "5433", "cell")
    assert database["PASSWORD"] == "p@ss"
    assert database["OPTIONS"] == {"sslmode": "require"}


def test_it_reads_a_socket_address():
    assert parse_database_url("postgresql:///cell?host=/run/postgresql")["HOST"] == "/run/postgresql"


def test_the_public_address_is_a_host_we_answer_to(given):
    env = given(GONGZHI_PUBLIC_URL="https://gongzhi.example.org/")
    assert "gongzhi.example.org" in env.allowed_hosts
    assert env.trusted_origins == ["https://gongzhi.example.org"]
    assert env.https


def test_a_real_cell_requires_a_second_factor_and_a_demo_advises_it(given):
    assert given().second_factor == "optional"
    assert given(GONGZHI_DEMO="no").second_factor == "required"
    assert given(GONGZHI_SECOND_FACTOR="required").second_factor == "required"


def test_the_citys_own_sign_on_is_off_until_an_issuer_is_named(given):
    assert given(GONGZHI_OIDC_CLIENT="gongzhi").oidc == {}
    named = given(
        GONGZHI_OIDC_ISSUER="https://city.example.org/",
        GONGZHI_OIDC_CLIENT="gongzhi",
        GONGZHI_OIDC_SECRET="secret",
    )
    assert named.oidc["issuer"] == "https://city.example.org"
    assert named.oidc["claim"] == "preferred_username"
    assert given(GONGZHI_OIDC_HOSTS="Keys.example.org, login.example.org:8443").oidc_hosts == (
        "keys.example.org",
        "login.example.org:8443",
    )
