"""Scans of a real MariaDB server: what is planted is found, what cannot be read is a Gap."""

import json

import pytest

from untag import scan
from untag.errors import SourceError
from untag.sources import SourceOptions, resolve

SCRIPT = """
CREATE DATABASE vision;
CREATE DATABASE hr;
CREATE DATABASE few;
USE vision;
CREATE TABLE face_capture (id BIGINT AUTO_INCREMENT PRIMARY KEY, face_image LONGBLOB, camera_id INT, captured_at DATETIME,
  age INT, ethnicity VARCHAR(32), person_name VARCHAR(80), phone VARCHAR(40));
INSERT INTO face_capture (camera_id, age, ethnicity, person_name, phone)
  SELECT seq % 7, 30, ELT(seq % 3 + 1, 'han', 'uyghur', 'tibetan'), CONCAT('Zhang Sentinel ', seq), CONCAT('+86 ', seq) FROM seq_1_to_300;
CREATE TABLE track_enum (id INT, face_embedding BLOB, camera_id INT, grp ENUM('han', 'uyghur', 'tibetan') COMMENT 'ethnic group');
CREATE TABLE track_check (id INT, face_image TEXT, camera_id INT, kind VARCHAR(20), CHECK (kind IN ('uyghur', 'non_uyghur')));
CREATE TABLE snap_mark (id INT, face_url TEXT, camera_id INT, age INT, gender VARCHAR(4), glasses VARCHAR(4), f7 INT COMMENT '民族');
CREATE TABLE big_capture (id INT PRIMARY KEY, face_image TEXT, camera VARCHAR(20), tag3 VARCHAR(20));
INSERT INTO big_capture SELECT seq, 'x', CONCAT('cam', seq % 9), IF(seq < 30000, 'Han', ELT(seq % 2 + 1, 'Uyghur', 'Hui')) FROM seq_1_to_60000;
ANALYZE TABLE big_capture;
CREATE TABLE grp_dict (id INT PRIMARY KEY, name VARCHAR(20));
INSERT INTO grp_dict VALUES (1, 'han'), (2, 'uyghur'), (3, 'tibetan');
CREATE TABLE coded_face (id INT, face_image TEXT, camera_id INT, age INT, g INT, FOREIGN KEY (g) REFERENCES grp_dict (id));
CREATE VIEW uyghur_alerts AS SELECT id, camera_id, captured_at FROM face_capture WHERE ethnicity = 'uyghur';
CREATE FUNCTION alert_on_uyghur(face_id BIGINT) RETURNS INT READS SQL DATA
  RETURN (SELECT COUNT(*) FROM face_capture WHERE id = face_id AND ethnicity = 'uyghur');
CREATE TABLE `odd ``name{}` (id INT PRIMARY KEY, `face image` TEXT, `eth``nicity {x}` VARCHAR(20));
INSERT INTO `odd ``name{}` VALUES (1, 'x', 'han');
CREATE TABLE languages (iso_code VARCHAR(8), name VARCHAR(40), native_name VARCHAR(40));
INSERT INTO languages VALUES ('ug', 'Uyghur', 'x'), ('kk', 'Kazakh', 'y'), ('bo', 'Tibetan', 'z');
CREATE TABLE restaurants (id INT, title VARCHAR(40), cuisine VARCHAR(40), photo_url VARCHAR(40));
INSERT INTO restaurants VALUES (1, 'A', 'Uyghur', 'x'), (2, 'B', 'Tibetan', 'y'), (3, 'C', 'Turkish', 'z');
CREATE TABLE hr.self_report (employee_id INT, department VARCHAR(20), ethnicity_self_reported VARCHAR(40))
  COMMENT 'Voluntary self-identification form for the EEO-1 report';
INSERT INTO hr.self_report VALUES (1, 'it', 'White'), (2, 'it', 'Asian'), (3, 'hr', 'Black or African American');
CREATE TABLE few.mine (id INT, face_image TEXT, camera_id INT, age INT, ethnicity VARCHAR(20));
CREATE TABLE few.written (id INT, face_image TEXT, camera_id INT, age INT, ethnicity VARCHAR(20));
CREATE TABLE few.hidden (id INT, face_image TEXT, ethnicity VARCHAR(20));
CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'swordfish 7';
GRANT SELECT, SHOW VIEW, SHOW CREATE ROUTINE ON vision.* TO reader@'127.0.0.1';
GRANT SELECT, SHOW VIEW ON hr.* TO reader@'127.0.0.1';
CREATE USER narrow@'127.0.0.1' IDENTIFIED BY 'swordfish 7';
GRANT SELECT ON few.mine TO narrow@'127.0.0.1';
GRANT INSERT ON few.written TO narrow@'127.0.0.1';
CREATE USER plain@'127.0.0.1' IDENTIFIED BY 'swordfish 7';
GRANT SELECT ON vision.* TO plain@'127.0.0.1'
"""
PASSWORD = "swordfish%207"


@pytest.fixture(scope="module")
def server(mariadb):
    script = SCRIPT
    with mariadb.admin() as connection:
        version = tuple(int(n) for n in connection.get_server_info().split("-")[0].split(".")[:2])
    if version < (11, 3):  # the right is younger than Debian 12
        script = script.replace(", SHOW CREATE ROUTINE", "")
        script += ";\nGRANT SELECT ON mysql.proc TO reader@'127.0.0.1'"
    mariadb.plant(script)
    return mariadb


@pytest.fixture(scope="module")
def report(server):
    return scan(server.url(password=PASSWORD))


def marked(report):
    return {d.finding.trail[0] for d in report.decisions if d.action in ("block", "warn")}


@pytest.mark.parametrize(
    "table", ["face_capture", "track_enum", "track_check", "snap_mark", "big_capture", "coded_face"]
)
def test_what_is_planted_is_found(report, table):
    assert f"vision/{table}" in marked(report), [(d.finding.trail, d.action, d.finding.route) for d in report.decisions]


def test_ethnicity_beside_faces_is_blocked(report):
    assert {"vision/face_capture", "vision/big_capture"} <= {
        d.finding.trail[0] for d in report.decisions if d.action == "block"
    }


def test_views_and_functions_are_read_as_text(report):
    trails = {f.trail[0] for f in report.findings}
    assert {"vision/views/uyghur_alerts.sql", "vision/functions/alert_on_uyghur.sql"} <= trails


@pytest.mark.parametrize("table", ["languages", "restaurants"])
def test_neutral_twins_are_left_alone(report, table):
    assert f"vision/{table}" not in marked(report)


def test_a_form_of_employees_is_left_alone(server):
    report = scan(server.url(password=PASSWORD, database="hr"))
    assert (report.status, report.coverage.files, marked(report)) == ("clean", 1, set())


def test_all_is_read(report):
    assert report.gaps == ()


def test_nothing_of_a_person_or_of_the_account_is_in_the_report(server, report):
    for word in ("Sentinel", "+86", "swordfish", "reader@"):
        assert word not in repr(report)
    assert report.target == f"mariadb://127.0.0.1:{server.port}/vision"
    assert scan(server.url(password=PASSWORD)) == report


def test_the_sample_is_spread_and_stated(server):
    url = server.url(password=PASSWORD, query="?sample=800").replace("mariadb:", "mysql+pymysql:")
    told = {item.trail[0]: item for item in resolve(url).items()}

    def columns(name):
        return json.loads(bytes(told[name].data).partition(b"\n")[2])["columns"]

    tag = next(c for c in columns("vision/big_capture") if c["name"] == "tag3")
    assert (tag["seen"], tag["sampled"], tag["values"]) == (800, True, ["Han", "Hui", "Uyghur"])
    assert {c["name"] for c in columns("vision/face_capture") if c["values"] is not None} == {"ethnicity"}
    odd = next(c for c in columns("vision/odd `name{}") if c["name"] == "eth`nicity {x}")
    assert odd["values"] == ["han"]


def test_tables_that_the_account_cannot_see_are_a_gap(server):
    report = scan(server.url(user="narrow", password=PASSWORD, database="few"))
    gaps = {g.trail[0]: g for g in report.gaps}
    assert set(gaps) == {"few", "few/written"}
    assert all(g.reason == "permission" and "GRANT SELECT" in g.detail for g in gaps.values())
    assert "hides all others" in gaps["few"].detail
    assert "few/mine" in marked(report)


def test_views_that_the_account_cannot_see_into_are_a_gap(server):
    report = scan(server.url(user="plain", password=PASSWORD))
    assert any("SHOW VIEW" in g.detail and g.trail == ("vision",) for g in report.gaps)
    assert "vision/face_capture" in marked(report)


def test_the_session_cannot_write(server):
    from untag.sources.database.address import parse
    from untag.sources.database.catalog import RefusedError
    from untag.sources.database.mysql import MysqlSession

    server.plant("CREATE USER writer@'127.0.0.1';\nGRANT ALL ON vision.* TO writer@'127.0.0.1'")
    session = MysqlSession(parse(server.url(user="writer"), {}))
    try:
        with pytest.raises(RefusedError, match="1792"):
            session._run("DELETE FROM vision.languages", 1)
        with pytest.raises(RefusedError, match="1792"):
            session._execute("INSERT INTO vision.languages VALUES ('a', 'b', 'c')", 1)
    finally:
        session.close()


def test_password_from_the_environment(server):
    options = SourceOptions(environ={"MYSQL_PWD": "swordfish 7"})
    assert scan(server.url(database="hr"), options=options).status == "clean"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "wrong"}, "user or the password"),
        ({"password": PASSWORD, "database": "nowhere"}, "may not use the database|no such database"),
        ({"password": PASSWORD, "query": "?ssl-mode=VERIFY_IDENTITY"}, "certificate is not trusted"),
    ],
)
def test_a_server_that_refuses(server, change, words):
    with pytest.raises(SourceError, match=words) as caught:
        scan(server.url(**change))
    assert "swordfish" not in str(caught.value)


def test_tls(server):
    if not (server.folder / "server.crt").exists():
        pytest.skip("openssl is not installed")
    authority = server.folder / "server.crt"
    for query in ("?sslmode=require", f"?sslmode=verify-full&sslrootcert={authority}", "?sslmode=disable"):
        assert scan(server.url(password=PASSWORD, database="hr", query=query)).status == "clean", query


def test_a_locked_table_is_a_gap(server):
    holder = server.admin("vision")
    try:
        with holder.cursor() as cursor:
            cursor.execute("LOCK TABLES track_check WRITE")
        report = scan(server.url(password=PASSWORD))
    finally:
        holder.close()
    assert [(g.trail, g.reason) for g in report.gaps] == [(("vision/track_check",), "limit")]
    assert {"vision/face_capture", "vision/track_check"} <= marked(report)


def test_a_statement_that_is_too_slow_is_a_gap(server, monkeypatch):
    from untag.sources.database import mysql

    run = mysql.MysqlSession._run

    def slow(self, text, seconds):
        if "DISTINCT" in text and "big_capture" in text:
            text = "SELECT SLEEP(5)"
        return run(self, text, seconds)

    monkeypatch.setattr(mysql.MysqlSession, "_run", slow)
    report = scan(server.url(password=PASSWORD, query="?statement_timeout=300"))
    assert [(g.trail, g.reason) for g in report.gaps] == [(("vision/big_capture",), "limit")]
    assert "0.3 seconds" in report.gaps[0].detail
    assert {"vision/face_capture", "vision/track_check"} <= marked(report)


def test_a_server_that_dies_in_the_middle(server, monkeypatch):
    """What was read stays, the rest is a Gap; tables behind it are still told by their columns."""
    from untag.sources.database.mysql import MysqlSession

    sample = MysqlSession.sample

    def dying(self, relation, column, rows):
        if relation.name == "face_capture":
            server.kill()
        return sample(self, relation, column, rows)

    monkeypatch.setattr(MysqlSession, "sample", dying)
    try:
        report = scan(server.url(password=PASSWORD))
    finally:
        server.up()
    assert [(g.trail, g.reason) for g in report.gaps] == [(("vision",), "vanished")]
    assert "connection was lost" in report.gaps[0].detail
    assert {"vision/big_capture", "vision/face_capture", "vision/snap_mark"} <= marked(report)
    assert "vision/views/uyghur_alerts.sql" in {f.trail[0] for f in report.findings}


def test_a_server_that_is_killed_while_it_describes_itself(server, monkeypatch):
    from untag.sources.database.mysql import MysqlSession

    scripts = MysqlSession._scripts

    def ended(self, catalog, folder, query):
        if folder == "functions":
            with server.admin() as admin, admin.cursor() as cursor:
                cursor.execute("SELECT id FROM information_schema.processlist WHERE user = 'reader'")
                for (number,) in cursor.fetchall():
                    cursor.execute(f"KILL CONNECTION {number}")
        scripts(self, catalog, folder, query)

    monkeypatch.setattr(MysqlSession, "_scripts", ended)
    report = scan(server.url(password=PASSWORD))
    assert [g.reason for g in report.gaps] == ["vanished"]
    assert "vision/face_capture" in marked(report)
    assert "vision/views/uyghur_alerts.sql" in {f.trail[0] for f in report.findings}
