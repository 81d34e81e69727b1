"""The configuration is found upward, read strictly, and never half ignored."""

from datetime import date

import pytest

from untag.config import Config, find_config, load_config, read_config
from untag.errors import ConfigError


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def root(tmp_path):
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_defaults_without_a_file(root):
    assert load_config(root) == Config()
    assert Config().policy == "untag-core"
    assert Config().fail_on == "block"


def test_every_key(root):
    put(
        root / "untag.toml",
        """
policy = "policies/mine.toml"
overlays = ["overlay-fairness", "policies/more.toml"]
fail_on = "warn"
exclude = ["docs/**"]
gitignore = false
baseline = "untag.baseline"
format = "sarif"
jobs = 4
min_confidence = "medium"
[[waiver]]
rule = "UT101"
owner = "jane"
reason = "gone in January"
expires = 2027-01-31
""",
    )
    config = load_config(root)
    assert config.path == root / "untag.toml"
    assert config.policy == str(root / "policies/mine.toml")
    assert config.overlays == ("overlay-fairness", str(root / "policies/more.toml"))
    assert (config.fail_on, config.exclude, config.gitignore) == ("warn", ("docs/**",), False)
    assert (config.baseline, config.format, config.jobs) == (root / "untag.baseline", "sarif", 4)
    assert config.min_confidence == "medium"
    assert config.waivers[0].expires == date(2027, 1, 31)
    assert config.waivers[0].origin.endswith("untag.toml waiver 1")


def test_the_nearest_file_upward_counts(root):
    put(root / "untag.toml", 'fail_on = "warn"\n')
    put(root / "pkg" / "pyproject.toml", '[project]\nname = "x"\n[tool.untag]\nfail_on = "inform"\n')
    deep = put(root / "pkg" / "src" / "a.py", "")
    assert load_config(deep).fail_on == "inform"
    assert load_config(deep.parent).fail_on == "inform"
    assert load_config(root).fail_on == "warn"
    assert load_config(root / "pkg" / "missing.py").fail_on == "inform"


def test_a_project_file_without_a_table_is_passed_over(root):
    put(root / "untag.toml", 'fail_on = "warn"\n')
    put(root / "pkg" / "pyproject.toml", '[project]\nname = "x"\n')
    assert load_config(root / "pkg").fail_on == "warn"
    assert read_config(root / "pkg" / "pyproject.toml").fail_on == "block"


def test_the_search_ends_at_the_repository(root):
    put(root / "untag.toml", 'fail_on = "warn"\n')
    inner = root / "vendor" / "lib"
    (inner / ".git").mkdir(parents=True)
    assert find_config(inner) is None
    assert load_config(inner).fail_on == "block"


def test_two_configurations_in_one_folder_are_an_error(root):
    put(root / "untag.toml", "")
    put(root / "pyproject.toml", "[tool.untag]\n")
    with pytest.raises(ConfigError, match="keep one of them"):
        load_config(root)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fail-on = 1", "unknown key fail-on; did you mean fail_on?"),
        ("zzz = 1", "unknown key zzz; known: policy"),
        ('fail_on = "blok"', "fail_on cannot be 'blok'; did you mean block?"),
        ("fail_on = true", "fail_on cannot be True; known: block, warn, inform"),
        ('format = "html5"', "format cannot be 'html5'"),
        ('exclude = "docs"', "exclude must be a list of texts"),
        ('exclude = ["docs", 1]', "exclude must be a list of texts"),
        ('gitignore = "yes"', "gitignore must be true or false"),
        ("jobs = -1", "jobs must be a whole number"),
        ("jobs = true", "jobs must be a whole number"),
        ("jobs = 1.5", "jobs must be a whole number"),
        ('policy = ""', "policy must be a text that is not empty"),
        ("policy = 1", "policy must be a text that is not empty"),
        ("baseline = []", "baseline must be a text"),
        ("a = 1\nb = = 2", "not valid TOML: Invalid value (at line 2, column 5)"),
        ("waiver = 1", "write [[waiver]]"),
        ('[[waiver]]\nrule = "UT101"', "waiver 1: expires must be a date"),
    ],
)
def test_a_wrong_file_names_itself_and_the_key(root, text, message):
    put(root / "untag.toml", text)
    with pytest.raises(ConfigError) as caught:
        load_config(root)
    assert message in str(caught.value)
    assert "untag.toml" in str(caught.value)


def test_a_wrong_tool_table_is_an_error(root):
    put(root / "pyproject.toml", "[tool]\nuntag = 1\n")
    with pytest.raises(ConfigError, match=r"tool\.untag must be a table"):
        load_config(root)


def test_bytes_that_are_not_utf_8_are_an_error(root):
    (root / "untag.toml").write_bytes(b'policy = "\xff"\n')
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_config(root)
