"""`gongzhi programs check` beside a running cell: rules are compared with the agencies there are."""

from pathlib import Path

from gongzhi.config import cell
from gongzhi.config.cli import main
from gongzhi.config.commands import programs
from gongzhi.programs import loader

PROGRAMS = Path(__file__).resolve().parents[2] / "programs"


def test_every_agency_our_programs_name_is_in_the_demo_county(demo_cell):
    known = programs._agencies()
    assert known is not None and "urban_management" in known
    assert loader.check(PROGRAMS, organisations=known) == []


def test_an_agency_nobody_knows_is_found_when_the_cell_is_there(demo_cell, monkeypatch, tmp_path, capsys):
    own = tmp_path / "trial"
    (own / "cases").mkdir(parents=True)
    (own / "program.yaml").write_text((PROGRAMS / "hazards/program.yaml").read_text())
    manhole = (PROGRAMS / "hazards/cases/manhole.yaml").read_text()
    (own / "cases/manhole.yaml").write_text(
        manhole.replace("lead: urban_management", "lead: urban_managment")
    )
    monkeypatch.setattr(cell, "set_up", lambda *_args, **_more: None)
    monkeypatch.setattr(cell, "address", lambda *_args: "")
    monkeypatch.setattr(programs, "_is_running", lambda _env: True)
    assert main(["programs", "check", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "urban_managment" in said and "cases/manhole.yaml" in said and "没有核对" not in said
