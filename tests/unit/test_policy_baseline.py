"""The baseline holds fingerprints, sorted, and nothing else."""

import pytest

from untag.errors import ConfigError
from untag.model import Decision, Finding
from untag.policy.baseline import HEADER, Baseline, dump, load_baseline, stale, write


def decision(fingerprint, action="block", waiver=""):
    finding = Finding(
        "UT101", "race", "infers", "unknown", (), "high", ("a.py",), (), 1, 1, "t", "secret", "", "m", (), fingerprint
    )
    return Decision(finding, action, "c", waiver)


def test_round_trip(tmp_path):
    path = tmp_path / "untag.baseline"
    write(path, [decision("b"), decision("a", "inform"), decision("a"), decision("c", "exempt", "baseline")])
    assert path.read_text("utf-8") == f"{HEADER}\na\nb\nc\n"
    baseline = load_baseline(path)
    assert baseline.fingerprints == {"a", "b", "c"}
    assert "a" in baseline
    assert "d" not in baseline
    assert [item.name for item in tmp_path.iterdir()] == ["untag.baseline"]


def test_what_the_policy_or_a_waiver_exempts_is_left_out():
    assert dump([decision("a", "exempt"), decision("b", "exempt", "a waiver")]) == f"{HEADER}\n"


def test_stale_entries_are_counted():
    notices = stale(Baseline(frozenset("abc"), "untag.baseline"), [decision("a")])
    assert [(item.kind, item.text) for item in notices] == [
        ("baseline_stale", "untag.baseline: 2 entries match no finding any more: write the baseline again")
    ]
    assert "1 entry matches" in stale(Baseline(frozenset("ab"), "x"), [decision("a")])[0].text
    assert stale(Baseline(frozenset("a"), "x"), [decision("a")]) == ()
    assert stale(Baseline(), []) == ()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "does not begin with"),
        (b"a\nb\n", "does not begin with"),
        (b"# untag baseline 2\na\n", "does not begin with"),
        (b"# untag baseline 1\n<<<<<<< ours\na\n", "line 2: a merge was left unfinished"),
        (b"# untag baseline 1\na\nb c\n", "line 3 is no fingerprint"),
        (b"# untag baseline 1\n\xff\n", "not UTF-8"),
    ],
)
def test_a_wrong_baseline_is_an_error(tmp_path, data, message):
    path = tmp_path / "b"
    path.write_bytes(data)
    with pytest.raises(ConfigError, match=message):
        load_baseline(path, "b")


def test_comments_blank_lines_and_windows_ends_are_read(tmp_path):
    path = tmp_path / "b"
    path.write_bytes(b"# untag baseline 1\r\n\r\n# mine\r\na\r\n")
    assert load_baseline(path).fingerprints == {"a"}


def test_a_missing_file_and_a_missing_folder_are_errors(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_baseline(tmp_path / "none")
    with pytest.raises(ConfigError, match="cannot be written"):
        write(tmp_path / "none" / "b", [])
