import psycopg
import pytest
from django.db import ProgrammingError, connection

from gongzhi.base import postgres


@pytest.mark.django_db
def test_it_runs_tests_as_the_application():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (postgres.APP,)


@pytest.mark.django_db
def test_the_application_may_not_change_tables():
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE mine (id int)")


def test_the_reader_may_not_write(clean_cell):
    with psycopg.connect(clean_cell.url(postgres.READER)) as reader, pytest.raises(psycopg.Error):
        reader.execute("DELETE FROM django_session")
