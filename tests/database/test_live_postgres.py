"""Scans of a real PostgreSQL server: what is planted is found, what cannot be read is a Gap."""

import threading

import pytest

from untag import scan
from untag.errors import SourceError
from untag.sources import SourceOptions

SCRIPT = """
CREATE TABLE grp_dict (id int PRIMARY KEY, name text);
INSERT INTO grp_dict VALUES (1, 'han'), (2, 'uyghur'), (3, 'tibetan');
CREATE TABLE coded_face (id int, face_image text, camera_id int, age int, g int REFERENCES grp_dict (id));
CREATE SCHEMA hr;
CREATE SCHEMA closed;
CREATE TYPE person_group AS ENUM ('han', 'uyghur', 'tibetan');
COMMENT ON TYPE person_group IS 'ethnic group seen by the face engine';
CREATE DOMAIN skin_code AS text CHECK (VALUE IN ('type I', 'type VI'));
CREATE TABLE face_capture (id bigserial PRIMARY KEY, face_image bytea, camera_id int, captured_at timestamptz,
  age int, ethnicity varchar(32), person_name text, phone text);
INSERT INTO face_capture (camera_id, ethnicity, person_name, phone)
  SELECT i % 7, (ARRAY['han', 'uyghur', 'tibetan'])[i % 3 + 1], 'Zhang Sentinel ' || i, '+86 ' || i FROM generate_series(1, 300) i;
CREATE TABLE track_enum (id int, face_embedding bytea, grp person_group);
CREATE TABLE track_check (id int, face_image text, camera_id int, kind text CHECK (kind IN ('uyghur', 'non_uyghur')));
CREATE TABLE snap_mark (id int, face_url text, camera_id int, age int, gender text, glasses text, f7 int);
COMMENT ON COLUMN snap_mark.f7 IS '民族';
CREATE TABLE big_capture (id int, face_image text, camera text, tag3 text);
INSERT INTO big_capture SELECT i, repeat('x', 400), 'cam' || i % 9, (ARRAY['Uyghur', 'Han', 'Hui'])[i % 3 + 1]
  FROM generate_series(1, 60000) i;
CREATE TABLE json_capture (id int, face_image text, attributes jsonb);
INSERT INTO json_capture SELECT i, 'x', jsonb_build_object('ethnicity', 'uyghur', 'glasses', 'no') FROM generate_series(1, 5) i;
CREATE TABLE parted_face (id int, face_image text, camera_id int, age int, day date, ethnicity text) PARTITION BY RANGE (day);
CREATE TABLE parted_face_1 PARTITION OF parted_face FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE VIEW uyghur_alerts AS SELECT id, camera_id, captured_at FROM face_capture WHERE ethnicity = 'uyghur';
CREATE FUNCTION alert_on_uyghur(face_id bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  -- raise an alarm when the face engine says Uyghur
  RETURN EXISTS (SELECT 1 FROM public.face_capture WHERE id = face_id AND ethnicity = 'uyghur');
END $$;
CREATE TABLE hr.self_report (employee_id int, department text, ethnicity_self_reported text);
COMMENT ON TABLE hr.self_report IS 'Voluntary self-identification form for the EEO-1 report';
INSERT INTO hr.self_report VALUES (1, 'it', 'White'), (2, 'it', 'Asian'), (3, 'hr', 'Black or African American');
CREATE TABLE languages (iso_code text, name text, native_name text);
INSERT INTO languages VALUES ('ug', 'Uyghur', 'x'), ('kk', 'Kazakh', 'y'), ('bo', 'Tibetan', 'z');
CREATE TABLE restaurants (id int, title text, cuisine text, photo_url text);
INSERT INTO restaurants VALUES (1, 'A', 'Uyghur', 'x'), (2, 'B', 'Tibetan', 'y'), (3, 'C', 'Turkish', 'z');
CREATE TABLE secret_faces (id int, face_image text, camera_id int, age int, ethnicity text);
CREATE TABLE closed.more_faces (id int, face_image text, camera_id int, age int, ethnicity text);
CREATE ROLE reader LOGIN PASSWORD 'swordfish 7';
GRANT USAGE ON SCHEMA public, hr TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public, hr TO reader;
REVOKE ALL ON secret_faces FROM reader;
ANALYZE
"""
PASSWORD = "swordfish%207"


@pytest.fixture(scope="module")
def server(postgres):
    postgres.plant("CREATE DATABASE vision")
    postgres.plant(SCRIPT, "vision")
    return postgres


@pytest.fixture(scope="module")
def report(server):
    return scan(server.url(password=PASSWORD))


def marked(report):
    return {d.finding.trail[0] for d in report.decisions if d.action in ("block", "warn")}


@pytest.mark.parametrize(
    "trail",
    [
        "public/face_capture",
        "public/track_enum",
        "public/track_check",
        "public/snap_mark",
        "public/big_capture",
        "public/json_capture",
        "public/parted_face",
        "public/coded_face",
        "public/secret_faces",
        "closed/more_faces",
    ],
)
def test_what_is_planted_is_found(report, trail):
    assert trail in marked(report), [(d.finding.trail, d.action, d.finding.route) for d in report.decisions]


def test_views_and_functions_are_read_as_text(report):
    trails = {f.trail[0] for f in report.findings}
    assert "public/views/uyghur_alerts.sql" in trails
    assert "public/functions/alert_on_uyghur(face_id bigint).sql" in trails


@pytest.mark.parametrize("trail", ["hr/self_report", "public/languages", "public/restaurants"])
def test_neutral_twins_are_left_alone(report, trail):
    told = [(d.action, d.finding.route) for d in report.decisions if d.finding.trail[0] == trail]
    assert not [t for t in told if t[0] in ("block", "warn")], told


def test_ethnicity_beside_faces_is_marked(report):
    assert {"public/face_capture", "public/big_capture"} <= {
        d.finding.trail[0] for d in report.decisions if d.action == "block"
    }


def test_the_route_names_table_and_column(report):
    routes = {f.route for f in report.findings if f.trail == ("public/face_capture",)}
    assert ("table face_capture", "ethnicity") in routes


def test_a_table_without_rights_is_a_gap_beside_its_columns(report):
    gaps = {g.trail[0]: g for g in report.gaps}
    assert gaps["public/secret_faces"].reason == "permission"
    assert "GRANT SELECT" in gaps["public/secret_faces"].detail
    assert gaps["closed/more_faces"].reason == "permission"
    assert set(gaps) == {"public/secret_faces", "closed/more_faces"}


def test_nothing_of_a_person_or_of_the_account_is_in_the_report(server, report, capsys):
    text = repr(report)
    for word in ("Sentinel", "+86", "swordfish", "reader@"):
        assert word not in text
    assert report.target == f"postgresql://127.0.0.1:{server.port}/vision"


def test_the_same_twice(server, report):
    assert scan(server.url(password=PASSWORD)) == report


def test_a_sample_is_stated(server):
    from untag.sources import resolve

    source = resolve(server.url(password=PASSWORD, query="?sample=1000"))
    told = {item.trail[0]: item for item in source.items()}
    import json

    columns = json.loads(bytes(told["public/big_capture"].data).partition(b"\n")[2])["columns"]
    tag = next(c for c in columns if c["name"] == "tag3")
    assert (tag["seen"], tag["sampled"], sorted(tag["values"])) == (1000, True, ["Han", "Hui", "Uyghur"])
    columns = json.loads(bytes(told["public/face_capture"].data).partition(b"\n")[2])["columns"]
    assert {c["name"] for c in columns if c["values"] is not None} == {"ethnicity"}


def test_only_the_schemas_that_are_named(server):
    report = scan(server.url(password=PASSWORD, query="?schema=hr"))
    assert (report.status, report.coverage.files) == ("clean", 1)


def test_the_session_cannot_write(server):
    from untag.sources.database.address import parse
    from untag.sources.database.catalog import RefusedError
    from untag.sources.database.postgres import PostgresSession

    session = PostgresSession(parse(server.url(user="postgres"), {}))
    try:
        with pytest.raises(RefusedError, match="25006"):
            session._run("CREATE TABLE untag_was_here (i int)", 1)
        with pytest.raises(RefusedError, match="25006"):
            session._run("DELETE FROM public.languages", 1)
    finally:
        session.close()


def test_password_from_the_environment_and_from_pgpass(server, tmp_path):
    options = SourceOptions(environ={"PGPASSWORD": "swordfish 7"})
    assert scan(server.url(query="?schema=hr"), options=options).status == "clean"
    file = tmp_path / "pass"
    file.write_text(f"# mine\nother:1:*:reader:x\n127.0.0.1:{server.port}:*:reader:swordfish 7\n")
    file.chmod(0o600)
    assert (
        scan(server.url(query="?schema=hr"), options=SourceOptions(environ={"PGPASSFILE": str(file)})).status == "clean"
    )
    file.chmod(0o644)
    with pytest.raises(SourceError, match="PGPASSWORD"):
        scan(server.url(), options=SourceOptions(environ={"PGPASSFILE": str(file)}))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "wrong"}, "user or the password"),
        ({"password": PASSWORD, "database": "nowhere"}, "no such database"),
        ({"password": PASSWORD, "query": "?sslmode=verify-full"}, "certificate is not trusted"),
    ],
)
def test_a_server_that_refuses(server, change, words):
    with pytest.raises(SourceError, match=words) as caught:
        scan(server.url(**change))
    assert "wrong" not in str(caught.value)
    assert "swordfish" not in str(caught.value)


def test_tls(server):
    if not (server.folder / "server.crt").exists():
        pytest.skip("openssl is not installed")
    authority = server.folder / "server.crt"
    for query in (
        "?sslmode=require&schema=hr",
        f"?sslmode=verify-full&sslrootcert={authority}&schema=hr",
        "?sslmode=disable&schema=hr",
    ):
        assert scan(server.url(password=PASSWORD, query=query)).status == "clean", query


def test_a_socket_of_this_machine(server):
    url = f"postgresql://reader@/vision?host={server.folder}&schema=hr".replace("@/", f"@:{server.port}/")
    report = scan(url)
    assert (report.status, report.target) == ("clean", f"postgresql://localhost:{server.port}/vision")


def test_a_locked_table_is_a_gap(server):
    holder = server.admin("vision")
    try:
        holder.run("BEGIN")
        holder.run("LOCK TABLE public.track_check IN ACCESS EXCLUSIVE MODE")
        report = scan(server.url(password=PASSWORD, query="?schema=public&statement_timeout=5000"))
    finally:
        holder.close()
    gap = next(g for g in report.gaps if g.trail in {("public/track_check",), ("vision",)})
    assert (gap.reason, "locked" in gap.detail) == ("limit", True)
    assert "public/face_capture" in marked(report)


def test_a_statement_that_is_too_slow_is_a_gap(server):
    server.plant(
        "CREATE SCHEMA slow;\nCREATE TABLE slow.face_rows (id int, face_image text, camera_id int, age int, ethnicity text, note text);\n"
        "INSERT INTO slow.face_rows SELECT i FROM generate_series(1, 100) i;\n"
        "ALTER TABLE slow.face_rows ENABLE ROW LEVEL SECURITY;\n"
        "CREATE POLICY wait ON slow.face_rows USING (pg_sleep(0.1) IS NOT NULL);\n"
        "GRANT USAGE ON SCHEMA slow TO reader;\nGRANT SELECT ON slow.face_rows TO reader",
        "vision",
    )
    report = scan(server.url(password=PASSWORD, query="?schema=slow&statement_timeout=300"))
    assert [(g.trail, g.reason) for g in report.gaps] == [(("slow/face_rows",), "limit")]
    assert "0.3 seconds" in report.gaps[0].detail
    assert marked(report) == {"slow/face_rows"}


def test_a_server_that_dies_in_the_middle(server, monkeypatch):
    """What was read stays, the rest is a Gap; tables behind it are still told by their columns."""
    from untag.sources.database.postgres import PostgresSession

    sample = PostgresSession.sample
    asked = []

    def dying(self, relation, column, rows):
        asked.append(relation.name)
        if relation.name == "json_capture":
            server.kill()
        return sample(self, relation, column, rows)

    monkeypatch.setattr(PostgresSession, "sample", dying)
    try:
        report = scan(server.url(password=PASSWORD, query="?schema=public"))
    finally:
        server.up()
    assert asked[-1] == "json_capture"
    gap = next(g for g in report.gaps if g.reason == "vanished")
    assert "connection was lost" in gap.detail
    assert {"public/big_capture", "public/face_capture", "public/snap_mark", "public/track_enum"} <= marked(report)
    assert "public/views/uyghur_alerts.sql" in {f.trail[0] for f in report.findings}


def test_a_server_that_ends_the_session(server, monkeypatch):
    from untag.sources.database.postgres import PostgresSession

    describe = PostgresSession._scripts

    def ended(self, catalog, folder, query):
        if folder == "functions":
            server.plant("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'untag'")
        describe(self, catalog, folder, query)

    monkeypatch.setattr(PostgresSession, "_scripts", ended)
    report = scan(server.url(password=PASSWORD, query="?schema=public"))
    assert [g.reason for g in report.gaps] == ["vanished"]
    assert "public/face_capture" in marked(report)
    assert "public/views/uyghur_alerts.sql" in {f.trail[0] for f in report.findings}


def test_what_someone_left_in_the_database_does_not_run(server):
    """Functions and operators that shadow the server's own are not met: only ``pg_catalog`` is searched."""
    server.plant(
        "CREATE SCHEMA trap;\nCREATE TABLE trap.ran (i int);\n"
        "CREATE FUNCTION public.left(text, int) RETURNS text LANGUAGE sql AS $$ SELECT 'shadow'::text $$;\n"
        "ALTER ROLE reader SET search_path = public, pg_catalog",
        "vision",
    )
    try:
        report = scan(server.url(password=PASSWORD, query="?schema=public"))
        assert "public/big_capture" in marked(report)
        assert "shadow" not in repr([f for f in report.findings if f.trail == ("public/big_capture",)])
    finally:
        server.plant("DROP FUNCTION public.left(text, int);\nALTER ROLE reader RESET search_path", "vision")


def test_two_at_once(server):
    """The meter and the socket classes are each session's own."""
    out = []
    threads = [
        threading.Thread(target=lambda: out.append(scan(server.url(password=PASSWORD, query="?schema=hr"))))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [r.status for r in out] == ["clean", "clean"]
