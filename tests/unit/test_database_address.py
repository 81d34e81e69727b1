"""Addresses of databases: what is taken from them, and that no word of them gets out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from untag import scan
from untag.errors import SourceError, UsageError
from untag.sources import SourceOptions, resolve
from untag.sources.database.address import parse, scheme_of


@pytest.mark.parametrize(
    ("target", "scheme"),
    [
        ("postgresql://h/d", "postgresql"),
        ("postgres://h/d", "postgresql"),
        ("postgresql+psycopg://h/d", "postgresql"),
        ("MySQL+pymysql://h/d", "mysql"),
        ("mariadb://h/d", "mariadb"),
        ("mysqlx://h/d", ""),
        ("postgresql:h", ""),
        ("folder/mysql", ""),
        ("https://h/mysql://", ""),
    ],
)
def test_the_scheme(target, scheme):
    assert scheme_of(target) == scheme


def test_all_of_an_address():
    made = parse(
        "postgresql://me:p%40ss%3A%2F@db.example:6432/vision%20one?sslmode=verify-ca&schema=a&schema=b&sample=50&application_name=x",
        {},
    )
    assert (made.host, made.port, made.user, made.password) == ("db.example", 6432, "me", "p@ss:/")
    assert (made.database, made.mode, made.schemas, made.sample) == ("vision one", "verify-ca", ("a", "b"), 50)
    assert made.title == "postgresql://db.example:6432/vision one"
    assert "p@ss" not in repr(made)


def test_what_is_left_to_the_environment():
    environ = {
        "PGHOST": "elsewhere",
        "PGPORT": "7",
        "PGUSER": "me",
        "PGDATABASE": "mine",
        "PGPASSWORD": "x",
        "PGSSLMODE": "disable",
    }
    made = parse("postgresql://", environ)
    assert (made.host, made.port, made.user, made.database, made.password) == ("elsewhere", 7, "me", "mine", "x")
    assert made.mode == "disable"
    assert parse("mysql://h/d", environ | {"MYSQL_PWD": "y"}).password == "y"
    assert parse("mysql://h/d", environ).port == 3306


@pytest.mark.parametrize(
    ("target", "mode"),
    [
        ("postgresql://localhost/d", "prefer"),
        ("postgresql://127.0.0.2/d", "prefer"),
        ("postgresql://[::1]/d", "prefer"),
        ("postgresql://db.example/d", "require"),
        ("mysql://db.example/d", "require"),
        ("mysql://db.example/d?ssl-mode=VERIFY_IDENTITY", "verify-full"),
        ("mysql://db.example/d?ssl-ca=ca.pem", "verify-ca"),
        ("mysql://db.example/d?sslmode=require&sslrootcert=ca.pem", "verify-ca"),
        ("postgresql:///d?host=/run/postgresql&sslmode=require", "disable"),
    ],
)
def test_tls_is_asked_for_where_the_address_leaves_this_machine(target, mode):
    assert parse(target, {}).mode == mode


@pytest.mark.parametrize(
    "target",
    [
        "postgresql://me:hunter#2@h/d",
        "postgresql://me:hunter2/@h:x/d",
        "postgresql://me:hunter2@[h/d",
        "postgresql://me:hunter2@h:99999/d",
        "postgresql://me:hunter2@a,b/d",
        "postgresql://me:hunter2@h/d\0",
        "mysql://me:hunter2@h/d?sslmode=hunter2",
        "mysql://me:hunter2@h/d?sample=hunter2",
        "mysql://me:hunter2@h/d?hunter",
    ],
)
def test_an_address_that_is_wrong_is_never_quoted(target):
    with pytest.raises(UsageError) as caught:
        scan(target)
    assert "hunter" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_parameter_that_is_not_known():
    with pytest.raises(UsageError, match=r"'sslmod'.*known: sslmode"):
        parse("mysql://h/d?sslmod=require", {})


def test_staged_is_for_git():
    with pytest.raises(UsageError, match="not a database") as caught:
        resolve("mysql://me:hunter2@h/d", SourceOptions(staged=True))
    assert "hunter" not in str(caught.value)


@pytest.mark.parametrize(("scheme", "module"), [("postgresql", "pg8000"), ("mysql", "pymysql")])
def test_a_driver_that_is_absent(scheme, module, monkeypatch):
    import sys

    for name in [module, *[n for n in sys.modules if n.startswith(f"{module}.")]]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, f"{module}.native", None)
    monkeypatch.setitem(sys.modules, f"{module}.connections", None)
    with pytest.raises(SourceError, match=r"pip install 'untag\[databases\]'"):
        scan(f"{scheme}://me:hunter2@127.0.0.1:1/d")


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_usage_error(text):
    try:
        made = parse(f"postgresql://{text}", {})
    except UsageError:
        return
    assert made.port > 0


def test_a_password_file_as_libpq_reads_it(tmp_path):
    file = tmp_path / ".pgpass"
    file.write_text("h:5432:d:you:no\n*:*:*:me:with\\:colon\\\\\n*:*:*:*:last\n")
    file.chmod(0o600)
    assert parse("postgresql://me@h/d", {"HOME": str(tmp_path)}).password == "with:colon\\"
    assert parse("postgresql://you@h/d", {"HOME": str(tmp_path)}).password == "no"
    assert parse("postgresql://you@h/e", {"HOME": str(tmp_path)}).password == "last"
    assert parse("postgresql://you@h/e", {"HOME": str(tmp_path / "none")}).password == ""
