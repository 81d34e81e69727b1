"""Real servers, PostgreSQL and MariaDB, started on a free port of loopback and stopped at the end.

The binaries are Debian's (`.ci/services` installs them); where they are absent the tests skip
aloud. As root, the servers run as the accounts that the packages made.
"""

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

WAIT = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(name, *patterns):
    found = sorted(path for pattern in patterns for path in glob.glob(f"{pattern}/{name}"))
    path = found[-1] if found else shutil.which(name)
    if not path:
        pytest.skip(f"{name} is not installed: bash .ci/services installs it")
    return path


def account(name):
    """Return arguments for `subprocess` that run as an account of the system, where we are root."""
    if os.geteuid() != 0:
        return {}
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        pytest.skip(f"no account {name}: bash .ci/services installs the server")
    return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}


@dataclass
class Server:
    """A server that runs, and how to reach it as its administrator."""

    kind: str
    port: int
    folder: Path
    start: object
    processes: list = field(default_factory=list)

    def url(self, user="reader", password="", database="vision", query=""):
        secret = f":{password}" if password else ""
        return f"{self.kind}://{user}{secret}@127.0.0.1:{self.port}/{database}{query}"

    def kill(self):
        """End the server at once, as a machine that fails would."""
        process = self.processes.pop()
        process.send_signal(signal.SIGQUIT if self.kind == "postgresql" else signal.SIGKILL)
        process.wait(WAIT)

    def up(self):
        """Start the server and wait until it answers."""
        self.processes.append(self.start())
        until = time.monotonic() + WAIT
        while True:
            try:
                # before a driver tries: PyMySQL leaves a socket open that it could not connect
                socket.create_connection(("127.0.0.1", self.port), 5).close()
                self.admin().close()
            except Exception as error:
                if time.monotonic() > until or self.processes[-1].poll() is not None:
                    log = (self.folder / "log").read_text(errors="replace")[-4000:]
                    raise AssertionError(f"{self.kind} does not start: {log}") from error
                time.sleep(0.1)
            else:
                return

    def admin(self, database=""):
        if self.kind == "postgresql":
            from pg8000.native import Connection

            return Connection("postgres", "127.0.0.1", database or "postgres", self.port, ssl_context=False)
        from pymysql.connections import Connection

        return Connection(
            user="root",
            unix_socket=str(self.folder / "socket"),
            database=database or None,
            autocommit=True,
            ssl_disabled=True,
        )

    def plant(self, script, database=""):
        """Run statements as the administrator; for MariaDB a semicolon at the end of a line parts them."""
        connection = self.admin(database)
        try:
            if self.kind == "postgresql":
                connection.run(script)
            else:
                with connection.cursor() as cursor:
                    for one in script.split(";\n"):
                        if one.strip():
                            cursor.execute(one)
        finally:
            connection.close()


def made(kind, name):
    folder = Path(tempfile.mkdtemp(prefix=f"untag-{kind}-"))
    who = account(name)
    if who:
        os.chown(folder, who["user"], who["group"])
    return folder, who


def certificate(folder, who):
    """Make a certificate for TLS; return whether there is one."""
    if not shutil.which("openssl"):
        return False
    key, cert = folder / "server.key", folder / "server.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    key.chmod(0o600)
    if who:
        os.chown(key, who["user"], who["group"])
        os.chown(cert, who["user"], who["group"])
    return True


def ended(server):
    for process in server.processes:
        process.send_signal(signal.SIGINT if server.kind == "postgresql" else signal.SIGTERM)
        try:
            process.wait(WAIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(WAIT)
    shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres():
    pytest.importorskip("pg8000", reason="the extra databases: pip install 'untag[databases]'")
    initdb = program("initdb", "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
    folder, who = made("postgresql", "postgres")
    data, port = folder / "data", free_port()
    subprocess.run(
        [initdb, "-D", str(data), "-U", "postgres", "-A", "scram-sha-256", "--auth-local=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
        check=True, capture_output=True, cwd=folder, **who,
    )  # fmt: skip
    (data / "pg_hba.conf").write_text(
        "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\nlocal all all trust\n"
    )
    tls = certificate(folder, who)
    options = {"fsync": "off", "listen_addresses": "127.0.0.1", "unix_socket_directories": str(folder), "port": port}
    options |= {"autovacuum": "off", "restart_after_crash": "off"}
    if tls:
        options |= {
            "ssl": "on",
            "ssl_cert_file": str(folder / "server.crt"),
            "ssl_key_file": str(folder / "server.key"),
        }
    arguments = [str(Path(initdb).with_name("postgres")), "-D", str(data)]
    for key, value in options.items():
        arguments += ["-c", f"{key}={value}"]

    def start():
        with (folder / "log").open("ab") as log:
            return subprocess.Popen(arguments, stdout=log, stderr=log, cwd=folder, **who)

    server = Server("postgresql", port, folder, start)
    try:
        server.up()
        yield server
    finally:
        ended(server)


@pytest.fixture(scope="session")
def mariadb():
    pytest.importorskip("pymysql", reason="the extra databases: pip install 'untag[databases]'")
    places = ("/usr/sbin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")
    install, daemon = program("mariadb-install-db", *places), program("mariadbd", *places)
    folder, who = made("mariadb", "mysql")
    data, port = folder / "data", free_port()
    subprocess.run(
        [install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=True, capture_output=True, cwd=folder, **who,
    )  # fmt: skip
    arguments = [
        daemon, "--no-defaults", f"--datadir={data}", f"--socket={folder / 'socket'}", f"--port={port}",
        "--bind-address=127.0.0.1", f"--pid-file={folder / 'pid'}", "--innodb-flush-log-at-trx-commit=0",
        "--innodb-buffer-pool-size=64M", "--performance-schema=OFF", "--character-set-server=utf8mb4",
    ]  # fmt: skip
    if certificate(folder, who):
        arguments += [f"--ssl-cert={folder / 'server.crt'}", f"--ssl-key={folder / 'server.key'}"]

    def start():
        with (folder / "log").open("ab") as log:
            return subprocess.Popen(arguments, stdout=log, stderr=log, cwd=folder, **who)

    server = Server("mariadb", port, folder, start)
    try:
        server.up()
        yield server
    finally:
        ended(server)
