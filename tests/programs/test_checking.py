"""What a county official reads when a program file is wrong: the file, the line, what is wrong, what is allowed."""

from pathlib import Path

import pytest

from gongzhi.programs.loader import check, read_folder
from tests.programs.conftest import KIND, PROGRAM, Write


def said(folder: Path, **options: object) -> list[str]:
    return [str(problem) for problem in check(folder, **options)]  # type: ignore[arg-type]


def test_a_good_program_has_no_problems(write: Write) -> None:
    assert said(write()) == []


def test_an_unknown_unit_is_named_with_the_ones_allowed(write: Write) -> None:
    folder = write(KIND.replace("5 分钟", "5 工日"))
    assert said(folder) == [
        "programs/trial/cases/drain.yaml 第 12 行：limit 的单位“工日”不认识，可用：秒 seconds、分钟 minutes、小时 hours、"
        "工作时 working_hours、工作日 working_days、自然日 calendar_days。"
    ]


def test_a_misspelt_key_gets_a_suggestion(write: Write) -> None:
    (message,) = said(write(KIND.replace("keywords:", "keyword:")))
    assert message.startswith(
        "programs/trial/cases/drain.yaml 第 3 行：这里没有“keyword”这一项。是不是想写“keywords”？"
    )


def test_all_problems_are_told_at_once(write: Write) -> None:
    kind = (
        KIND.replace("[reported]", "[reportd]").replace("facilities", "facility").replace("5 分钟", "0 分钟")
    )
    folder = write(kind + "urgent: maybe\nnonsense: 1\n")
    lines = [(p.line, p.code) for p in check(folder)]
    assert lines == [
        (2, "unknown_value"),
        (10, "unknown_step"),
        (12, "bad_number"),
        (16, "not_flag"),
        (17, "unknown_key"),
    ]


BAD = [
    ("effective_from: 2025-01-01", "effective_from: 一月一日", "不是日期"),
    ('version: "1"', "version: 第一版", "写得不对"),
    ("title: {zh: 水沟堵了, en: Blocked drain}", "title: {en: Blocked drain}", "缺中文"),
    ("title: {zh: 水沟堵了, en: Blocked drain}", "title: [水沟]", "这里要写一小段文字"),
    ("title: {zh: 水沟堵了, en: Blocked drain}\n", "", "缺“title”"),
    ("keywords: [水沟, 排水沟]", "keywords: [水]", "太短"),
    ("stops: [accepted]", "stops: [reported]", "既启动又停止"),
    ("stops: [accepted]", "stops: []", "没有写步骤"),
    ("stops: [accepted]", "stops: [clock_warned]", "不能启动或停止时钟"),
    ("limit: 5 分钟", "limit: 很快", "时限要写成|不认识"),
    ("limit: 5 分钟", "limits: [{severity: grave, limit: 1 小时}]", "有的情况没有时限"),
    ("limit: 5 分钟", "limits: [{limit: 1 小时}, {severity: grave, limit: 5 分钟}]", "永远用不上"),
    ("limit: 5 分钟", "limits: [{severity: terrible, limit: 1 小时}, {limit: 1 天}]", "没有“terrible”这一级"),
    ("limit: 5 分钟", "warn_at: [120]\n    limit: 5 分钟", "1 到 99 的整数"),
    ("    limit: 5 分钟\n", "", "要么写 limit"),
    ("  - lead: water", "  - hours: 25:00-26:00\n    lead: water", "不是时间段"),
    ("  - lead: water", "  - areas: [桐庐]\n    lead: water", "写成 330122"),
    ("clocks:\n  respond:", "clocks:\n  响应:", "只能用小写字母"),
    ("subject: facilities", "subject: facilities\npublic: {level: status, map: true}", "不公开地图点位"),
    ("subject: facilities", "subject: facilities\neffective_until: 2024-01-01", "早于"),
    ("sources: [resident, grid_worker]", "sources: [neighbour]", "“neighbour”不认识"),
]


@pytest.mark.parametrize(("good", "bad", "says"), BAD)
def test_it_says_what_is_wrong(write: Write, good: str, bad: str, says: str) -> None:
    assert good in KIND + PROGRAM
    folder = write(KIND.replace(good, bad), PROGRAM.replace(good, bad))
    messages = said(folder)
    assert any(part in "\n".join(messages) for part in says.split("|")), messages


UNREADABLE = [
    ("title：水沟\n", "全角冒号"),
    ("title: a\n\tsubject: b\n", "制表符"),
    ("a: [1\n", "不合 YAML"),
    ("a: 1\na: 2\n", "写了两遍"),
    ("a: &x 1\nb: *x\n", "不用 & 和 * 引用"),
    ("a: !!python/object:os.system ls\n", "不使用标签"),
    ("[a, b]: 1\n", "冒号前面"),
    ("- a\n- b\n", "名称: 值"),
    ("a: \x00\n", "不合 YAML"),
]


@pytest.mark.parametrize(("text", "says"), UNREADABLE)
def test_a_file_that_is_no_yaml_is_told_with_its_line(write: Write, text: str, says: str) -> None:
    assert any(says in message for message in said(write(text)))


def test_a_file_in_another_encoding_is_told(write: Write) -> None:
    folder = write()
    (folder / "trial" / "cases" / "drain.yaml").write_bytes("title: 水沟".encode("gbk"))
    assert any("不是 UTF-8" in message for message in said(folder))


def test_a_byte_order_mark_does_no_harm(write: Write) -> None:
    folder = write()
    path = folder / "trial" / "cases" / "drain.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert said(folder) == []


def test_deep_nesting_is_refused_without_a_crash(write: Write) -> None:
    assert any("YAML" in message for message in said(write("a: " + "[" * 5000)))


def test_a_folder_without_programs_is_told(tmp_path: Path) -> None:
    assert said(tmp_path) == [f"{tmp_path.name}：这里没有程序：一个程序就是一个带 program.yaml 的文件夹。"]


def test_a_folder_without_its_program_file_and_a_file_ending_in_yml_are_told(write: Write) -> None:
    folder = write()
    (folder / "other").mkdir()
    (folder / "trial" / "cases" / "late.yml").write_text("a: 1", "utf-8")
    assert [problem.code for problem in check(folder)] == ["no_program_file", "yml"]


def test_organisations_are_checked_against_the_codes_passed_in(write: Write) -> None:
    folder = write()
    assert said(folder, organisations=["water", "police"]) == []
    (message,) = said(folder, organisations=["waters", "police"])
    assert "没有代码为“water”的单位。是不是想写“waters”？已有：police、waters。" in message


def test_a_township_centre_needs_no_entry_in_the_codes(write: Write) -> None:
    folder = write(KIND.replace("lead: water", 'lead: "centre.{township}"'))
    assert said(folder, organisations=["water"]) == []


def test_limits_may_be_written_in_chinese_english_or_apart(write: Write) -> None:
    ways = ("3 工作日", "3 个工作日", "3 working_days", "3 working_day", "{value: 3, unit: working_days}")
    digests = {read_folder(write(KIND.replace("5 分钟", way))).kinds[0].sha256 for way in ways}
    assert len(digests) == 1
