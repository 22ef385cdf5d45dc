"""A list of divisions is read for one county, and whatever is wrong with it is said with file, line and reason."""

import gzip

import pytest

from gongzhi.base.errors import Refused
from gongzhi.territory.reading.divisions import read_divisions
from gongzhi.territory.types import Level
from tests.territory import lists


def refusal_of(folder, county=lists.COUNTY) -> Refused:
    with pytest.raises(Refused) as caught:
        read_divisions(folder, county)
    return caught.value


def test_it_takes_one_county_and_what_lies_above_it(tmp_path):
    found = read_divisions(lists.folder(tmp_path), "330122")
    assert found.root.name == "桐庐县"
    assert [row.name for row in found.rows] == [
        "浙江省",
        "杭州市",
        "桐庐县",
        "桐君街道",
        "富春江镇",
        "迎春社区居委会",
        "东门社区居委会",
        "芦茨村村委会",
    ]


def test_it_takes_a_whole_city_by_four_digits(tmp_path):
    found = read_divisions(lists.folder(tmp_path), "3301")
    assert found.root.level is Level.CITY
    assert [row.name for row in found.rows if row.level is Level.COUNTY] == ["桐庐县", "淳安县"]


def test_every_code_is_padded_to_twelve_digits(tmp_path):
    codes = {row.code for row in read_divisions(lists.folder(tmp_path), "330122").rows}
    assert {"330000000000", "330122000000", "330122003000", "330122003001"} <= codes


def test_a_padded_county_code_means_the_same(tmp_path):
    folder = lists.folder(tmp_path)
    assert read_divisions(folder, "330122000000") == read_divisions(folder, "330122")


def test_gzipped_files_are_read_too(tmp_path):
    folder = lists.folder(tmp_path)
    (folder / "villages.csv.gz").write_bytes(gzip.compress((folder / "villages.csv").read_bytes()))
    (folder / "villages.csv").unlink()
    assert len(read_divisions(folder, "330122").rows) == 8


def test_one_file_with_all_levels_is_read_too(tmp_path):
    lines = [
        "code,name",
        "330000000000,浙江省",
        "330100000000,杭州市",
        "330122000000,桐庐县",
        "330122003000,桐君街道",
    ]
    (tmp_path / "all.csv").write_text("\n".join(lines), encoding="utf-8")
    assert [row.level for row in read_divisions(tmp_path / "all.csv", "330122").rows] == list(Level)[:4]


def test_a_byte_order_mark_does_no_harm(tmp_path):
    lines = "\n".join(lists.ROWS["areas"]).encode("utf-8-sig")
    assert read_divisions(lists.folder(tmp_path, areas=lines), "330122").root.name == "桐庐县"


def test_it_reports_how_far_it_has_read(tmp_path):
    seen = []
    read_divisions(lists.folder(tmp_path), "330122", progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


@pytest.mark.parametrize("county", ["", "33", "33012", "3301220", "330122003", "三三〇一二二", "33012x"])
def test_it_refuses_what_is_no_county_code(tmp_path, county):
    assert refusal_of(lists.folder(tmp_path), county).code == "bad_division_code"


def test_it_refuses_a_county_the_list_lacks(tmp_path):
    assert refusal_of(lists.folder(tmp_path), "330199").code == "unknown_division"


def test_it_refuses_a_folder_with_a_file_missing(tmp_path):
    folder = lists.folder(tmp_path)
    (folder / "streets.csv").unlink()
    refusal = refusal_of(folder)
    assert refusal.code == "missing_file"
    assert "streets.csv" in str(refusal)


BAD = {
    "a missing column": (["code,title", "330122003,桐君街道"], 1),
    "a short code": (lists.with_line("streets", "3301220,某镇,330122,33,3301"), 5),
    "letters in a code": (lists.with_line("streets", "33012200A,某镇,330122,33,3301"), 5),
    "full-width digits": (lists.with_line("streets", "３３０１２２１０２,某镇,330122,33,3301"), 5),
    "a code that stands there twice": (lists.with_line("streets", "330122003,桐君街道,330122,33,3301"), 5),
    "a code outside the county it names": (lists.with_line("streets", "330122104,某镇,330127,33,3301"), 5),
    "an empty name": (lists.with_line("streets", "330122104, ,330122,33,3301"), 5),
    "an endless name": (lists.with_line("streets", f"330122104,{'镇' * 101},330122,33,3301"), 5),
    "a control character": (lists.with_line("streets", "330122104,某\x00镇,330122,33,3301"), 5),
    "a value too few": (lists.with_line("streets", "330122104,某镇,330122,33"), 5),
    "an open quote": (lists.with_line("streets", '330122104,"某镇,330122,33,3301'), 5),
    "no parent": (["code,name", "330122101,富春江镇"], 2),
    "an empty file": (b"", 1),
    "another encoding": ("code,name\n330122003,桐君街道\n".encode("gb18030"), 2),
}


@pytest.mark.parametrize("what", BAD)
def test_it_refuses_a_bad_line_and_names_it(tmp_path, what):
    lines, line = BAD[what]
    refusal = refusal_of(lists.folder(tmp_path, streets=lines))
    assert refusal.code == "bad_file"
    if what == "no parent":  # the line of the child, for that is where the code stands
        assert (refusal.params["file"], refusal.params["line"]) == ("villages.csv", 2)
    else:
        assert (refusal.params["file"], refusal.params["line"]) == ("streets.csv", line)
    assert str(refusal.params["line"]) in str(refusal)


def test_it_refuses_a_code_of_wrong_length_even_outside_the_county(tmp_path):
    refusal = refusal_of(
        lists.folder(tmp_path, streets=lists.with_line("streets", "44030,某街道,440303,44,4403"))
    )
    assert refusal.params["line"] == 5


def test_it_refuses_a_gzip_file_cut_short(tmp_path):
    folder = lists.folder(tmp_path)
    packed = gzip.compress((folder / "villages.csv").read_bytes())
    (folder / "villages.csv.gz").write_bytes(packed[: len(packed) // 2])
    (folder / "villages.csv").unlink()
    refusal = refusal_of(folder)
    assert (refusal.code, refusal.params["file"]) == ("bad_file", "villages.csv.gz")


def test_it_refuses_a_file_that_is_not_there(tmp_path):
    assert refusal_of(tmp_path / "nothing.csv").code == "bad_file"


@pytest.mark.shared
def test_it_reads_a_city_without_counties_from_the_national_list(shared_data):
    found = read_divisions(shared_data / "divisions", "4419")
    assert [row.name for row in found.rows[:3]] == ["广东省", "东莞市", "东莞市"]
    assert found.rows[1].code == found.rows[2].code
