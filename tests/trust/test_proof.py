"""The public log: what is sealed can't be changed, dropped or replaced unseen, not even by a database superuser."""

import json
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.base import postgres
from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import Refused
from gongzhi.cases import verification
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.operations.ledger import as_step, step_digest
from gongzhi.trust import audit, heads, heads_file, log, merkle, proof_check, signing
from gongzhi.trust.models import LogHead, LogLeaf, LogNode
from gongzhi.trust.types import AuditKind, Head
from tests.cases.conftest import Town
from tests.config.process import gongzhi
from tests.races.conftest import DATABASE
from tests.races.test_cases import at_once
from tests.trust.conftest import Meddle

pytestmark = pytest.mark.usefixtures("may_seal")


def seal(**more: bool) -> Head:
    return heads.seal(by=SYSTEM, now=timezone.now(), **more)


def problems(**more: object) -> list[str]:
    return proof_check.check(**more).problems  # type: ignore[arg-type]


def note() -> None:
    audit.note(kind=AuditKind.EXPORTED, by=SYSTEM, now=timezone.now())


@pytest.fixture
def sealed_town(open_town: Town) -> tuple[Town, str]:
    """A closed case of seven steps and two audit rows, sealed under two heads; the case's code."""
    code = open_town.closed()
    note()
    seal()
    note()
    seal()
    assert problems() == []
    return open_town, code


def test_every_step_and_audit_row_is_sealed_once_and_a_head_is_signed_even_over_nothing_new(
    open_town: Town,
) -> None:
    open_town.closed()
    note()
    first, second = seal(), seal()
    assert (first.number, first.previous, first.size) == (1, 0, 9)  # 7 steps, the note, the key's own row
    assert (second.number, second.previous, second.size, second.root) == (2, 9, 9, first.root)
    found = proof_check.check()
    assert (found.entries, found.heads, found.waiting, found.problems) == (9, 2, 0, [])


def test_the_root_is_the_one_of_rfc_6962_over_all_digests(open_town: Town) -> None:
    open_town.closed()
    head = seal()
    hashes = [merkle.leaf_hash(bytes(leaf.digest)) for leaf in LogLeaf.objects.order_by("index")]
    plain = merkle.Frontier()
    for each in hashes:
        plain.add(each)
    assert head.root == plain.root().hex()
    assert {bytes(d) for d in CaseStep.objects.values_list("digest", flat=True)} <= {
        bytes(d) for d in LogLeaf.objects.values_list("digest", flat=True)
    }


def test_rows_written_since_the_last_head_are_counted_as_waiting(sealed_town: tuple[Town, str]) -> None:
    note()
    found = proof_check.check()
    assert (found.waiting, found.problems) == (1, [])


def test_a_transaction_that_was_open_while_a_head_was_signed_is_sealed_by_the_next(
    open_town: Town, postgres_server: postgres.Server
) -> None:
    open_town.closed()
    seal()
    held = CaseStep.objects.latest("recorded_at")
    copied = (
        "id, case_id, seq, kind, actor, happened_at, recorded_at, data, contents, drill, hash_version,"
        " previous, digest"
    )
    chosen = copied.replace("id,", "%s,", 1).replace(" seq", " seq + 1", 1)
    with psycopg.connect(postgres_server.url(postgres.ENGINE, DATABASE)) as late:
        late.execute(
            f"INSERT INTO cases_casestep ({copied}) SELECT {chosen} FROM cases_casestep WHERE id = %s",
            [log.first_id(timezone.now()), held.id],
        )
        note()
        assert seal().size == 9  # the note, and not the step that isn't committed
    assert seal().size == 10
    assert problems() == []


def recooked(code: str, meddle: Meddle) -> None:
    """Change the second step of a case and recompute its whole chain, digests and case row included."""
    record = CaseRecord.objects.get(code=code)
    previous = b""
    for row in CaseStep.objects.filter(case=record).order_by("seq"):
        if row.seq == 2:
            row.happened_at -= timedelta(minutes=1)
        digest = step_digest(record.uuid, as_step(row), previous, row.hash_version)
        meddle(
            "UPDATE cases_casestep SET happened_at = %s, previous = %s, digest = %s WHERE id = %s",
            *(row.happened_at, previous, digest, row.id),
        )
        previous = digest
    meddle("UPDATE cases_caserecord SET last_digest = %s WHERE id = %s", previous, record.id)


def test_a_cooked_chain_fools_the_chain_check_and_not_the_log(
    sealed_town: tuple[Town, str], meddle: Meddle
) -> None:
    _town, code = sealed_town
    recooked(code, meddle)
    assert verification.verify_all().problems == []
    found = problems()
    assert [
        f"{code}: step {n}" in line and "is not what was sealed" in line for n, line in enumerate(found, 2)
    ] == [True] * 6


def test_rows_that_vanish_from_the_end_of_a_ledger_are_named_by_case(
    sealed_town: tuple[Town, str], meddle: Meddle
) -> None:
    _town, code = sealed_town
    meddle("DELETE FROM cases_casestep WHERE seq = 7")
    meddle(
        "UPDATE cases_caserecord c SET last_seq = 6, last_digest ="
        " (SELECT digest FROM cases_casestep s WHERE s.case_id = c.id AND seq = 6)"
    )
    meddle("DELETE FROM trust_auditrow WHERE seq = (SELECT max(seq) FROM trust_auditrow)")
    assert verification.verify_all().problems == []
    assert list(audit.broken()) == []
    found = problems()
    assert len(found) == 2
    assert any(line.startswith(f"{code}: a step of 20") and line.endswith("is gone") for line in found)
    assert any(line.startswith("audit log: a row of 20") and line.endswith("is gone") for line in found)


def test_entries_cooked_to_match_the_rows_no_longer_fit_their_heads(
    sealed_town: tuple[Town, str], meddle: Meddle
) -> None:
    _town, code = sealed_town
    recooked(code, meddle)
    meddle("UPDATE trust_logleaf l SET digest = s.digest FROM cases_casestep s WHERE s.id = l.id")
    [found] = problems()
    assert found.startswith("head 1 (20") and "and the 1 after it: the root does not fit the first 9" in found


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ('DELETE FROM trust_logleaf WHERE "index" = 9', "covers 10 entries, the log holds 9"),
        ('DELETE FROM trust_logleaf WHERE "index" = 3', "entries 3 to 3 are missing"),
        ("DELETE FROM trust_loghead WHERE number = 1", "heads 1 to 1 are missing"),
        ("DELETE FROM trust_loghead WHERE number = 2", "is in heads.jsonl and not in the database"),
        ("UPDATE trust_loghead SET signed_at = signed_at - interval '1 day'", "signature does not fit"),
        ("UPDATE trust_loghead SET previous = 3 WHERE number = 2", "does not follow the head before it"),
        ("UPDATE trust_proofkey SET public = sha256('other')", "signature does not fit"),
        ("DELETE FROM trust_proofkey", "signed by a key that is not on the list"),
    ],
)
def test_meddling_with_the_log_itself_is_named(
    sealed_town: tuple[Town, str], meddle: Meddle, statement: str, finding: str
) -> None:
    assert meddle(statement) > 0
    assert any(finding in line for line in problems()), problems()


def forged(settings, folder: Path, meddle: Meddle) -> None:
    """All that the owner of machine and database can do: a new log, well signed by a key of theirs, file and all."""
    for table in ("logleaf", "lognode", "loghead", "proofkey"):
        meddle(f"DELETE FROM trust_{table}")
    for file in folder.iterdir():
        file.unlink()
    settings.GONGZHI_KEYS = folder / "other"
    seal()
    seal()


def test_a_whole_log_made_anew_is_found_by_a_copy_kept_elsewhere(
    sealed_town: tuple[Town, str], meddle: Meddle, settings, heads_folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copied.jsonl"
    copy.write_bytes((heads_folder / heads_file.HEADS).read_bytes())
    assert problems(copies=[copy]) == []
    recooked(sealed_town[1], meddle)
    forged(settings, heads_folder, meddle)
    assert problems() == []  # nothing inside can tell
    found = problems(copies=[copy])
    assert "head 1 in the database is not the one in copied.jsonl" in found[0]
    assert "key" in found[0] and "root" in found[0]


def test_a_replaced_head_is_found_by_the_file_outside(
    sealed_town: tuple[Town, str], meddle: Meddle, heads_folder: Path
) -> None:
    head = heads.latest()
    assert head is not None
    told = heads.statement(head).replace(head.root.encode(), b"00" * 32)
    signature = signing.signer().sign(told)
    meddle("UPDATE trust_loghead SET root = %s, signature = %s WHERE number = 2", bytes(32), signature)
    found = problems()
    assert any("head 2" in line and "does not fit the first 10 entries" in line for line in found)
    assert any(
        "head 2 in the database is not the one in heads.jsonl: root, signature differ" in line
        for line in found
    )
    (heads_folder / heads_file.HEADS).unlink()
    assert any("2 heads are not in" in line for line in problems())


def test_a_row_slipped_in_under_an_old_id_is_named_until_everything_is_looked_at(
    sealed_town: tuple[Town, str], meddle: Meddle
) -> None:
    meddle(
        "INSERT INTO trust_auditrow SELECT %s, 99, kind, actor, subject, purpose, succeeded, data, happened_at,"
        " hash_version, previous, digest FROM trust_auditrow WHERE seq = 1",
        log.first_id(timezone.now() - timedelta(days=3)),
    )
    seal()
    assert problems() == ["audit log: row 99 (exported) was never sealed"]
    seal(everything=True)
    assert problems() == []


def test_sealers_at_the_same_moment_wait_for_each_other(open_town: Town, heads_folder: Path) -> None:
    open_town.closed()
    signed = at_once(seal)
    assert sorted(head.number for head in signed) == [1, 2, 3, 4, 5, 6]
    numbers = [line["number"] for line in heads_file.read(heads_folder / heads_file.HEADS)]
    assert numbers == [1, 2, 3, 4, 5, 6]
    assert problems() == []


def test_the_worker_seals_at_every_full_hour() -> None:
    crons = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert crons["trust.seal"] == "0 * * * *"


@pytest.mark.slow
def test_the_command_line_seals_proves_and_names(
    open_town: Town, meddle: Meddle, postgres_server: postgres.Server, tmp_path: Path, settings
) -> None:
    open_town.closed()
    address = {
        "DATABASE_URL": postgres_server.url(postgres.ENGINE, DATABASE),
        "GONGZHI_KEYS": settings.GONGZHI_KEYS,
    }

    def run(*arguments: str) -> tuple[int, str]:
        done = gongzhi(tmp_path, *arguments, **{name: str(value) for name, value in address.items()})
        return done.returncode, done.stdout

    assert run("seal")[1].startswith("head 1: 8 entries, 8 of them new")
    assert "8 entries sealed under 1 heads, 0 rows not yet sealed: 0 problems" in run("verify", "--proof")[1]
    copy = str(tmp_path / "heads.json")
    Path(copy).write_bytes(Client().get("/proof/heads.json").content)
    assert run("verify", "--heads", copy)[0] == 0
    meddle("DELETE FROM trust_auditrow")
    code, said = run("verify", "--proof")
    assert code == 1 and "audit log: a row of 20" in said and "is gone" in said


def test_nothing_is_signed_over_a_cut_log_nor_over_a_database_older_than_its_heads(
    sealed_town: tuple[Town, str], meddle: Meddle
) -> None:
    meddle('DELETE FROM trust_logleaf WHERE "index" = 9')
    with pytest.raises(Refused) as cut:
        seal()
    meddle("DELETE FROM trust_loghead WHERE number = 2")  # as a backup from before would be
    with pytest.raises(Refused) as restored:
        seal()
    assert (cut.value.code, restored.value.code) == ("log_broken", "log_forked")


def test_half_a_line_that_a_power_cut_left_is_taken_away_and_missing_heads_follow(
    sealed_town: tuple[Town, str], heads_folder: Path
) -> None:
    path = heads_folder / heads_file.HEADS
    first, second, _end = path.read_bytes().split(b"\n")
    path.write_bytes(first + b"\n" + second[:50])
    with pytest.raises(heads_file.Unreadable):
        heads_file.read(path)
    assert heads.publish() == 1
    assert path.read_bytes() == first + b"\n" + second + b"\n"
    assert heads.publish() == 0
    assert json.loads(first)["number"] == 1


def test_a_new_key_leaves_old_heads_checkable(
    sealed_town: tuple[Town, str], settings, tmp_path: Path
) -> None:
    settings.GONGZHI_KEYS = tmp_path / "new-keys"
    seal()
    assert len(signing.public_keys()) == 2
    assert len({head.key for head in heads.newest(10)}) == 2
    assert problems() == []


def test_proofs_are_read_from_the_stored_subtrees_across_their_borders(open_town: Town) -> None:
    for _ in range(300):
        note()
    old = seal()
    for _ in range(300):
        note()
    new = seal()
    assert LogNode.objects.count() == 2
    leaves = list(LogLeaf.objects.order_by("index"))
    found = log.places([leaf.uuid for leaf in leaves], new.size)
    root = bytes.fromhex(new.root)
    for leaf in leaves:
        place = found[leaf.uuid]
        assert merkle.includes(merkle.leaf_hash(place.digest), place.index, new.size, place.path, root)
    path = [bytes.fromhex(each) for each in heads.extension(old, new)]
    assert merkle.extends(old.size, new.size, bytes.fromhex(old.root), root, path)
    assert LogHead.objects.count() == 2
    assert problems() == []
