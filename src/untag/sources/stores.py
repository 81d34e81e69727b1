"""Object stores by obstore, and any file system of fsspec.

obstore signs and speaks S3, Google Cloud Storage and Azure in one wheel of its own.
Where it is not installed, an installed s3fs, gcsfs or adlfs serves through fsspec.
Credentials come from the services' usual variables and files; without any the requests
are not signed, as public buckets want it: no metadata service is ever asked for some.
What a library says of an error is never shown, for it may hold addresses and keys.
"""

from __future__ import annotations

import configparser
import re
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ReadError, SourceError, UsageError
from untag.sources.remote import EXTRA, TRIES, BadListing, Broken, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from untag.sources.remote import Tree

CHUNK: Final = 1 << 20
TIMEOUT: Final = timedelta(seconds=30)
"""Without a byte."""
WHOLE: Final = timedelta(hours=2)
"""For one object; the reader gives up slow ones before."""
LIBRARIES: Final = {"s3": "s3fs", "gs": "gcsfs", "az": "adlfs"}
"""fsspec's own libraries, taken where obstore is absent."""
HERE: Final = frozenset(
    (
        *("file", "local", "memory", "dir", "root", "filecache", "blockcache", "simplecache", "cached", "reference"),
        *(
            "zip",
            "tar",
            "libarchive",
            "git",
            "data",
            "generic",
            "async_wrapper",
            "dask",
            "jupyter",
            "jlab",
            "asynclocal",
        ),
    )
)
"""File systems of fsspec that are this machine's own, or lead on to others: a path does for them."""
DENIED: Final = ("PermissionDeniedError", "UnauthenticatedError")
_STATUS: Final = re.compile(r"status code: ([0-9]{3})\b")
_BUCKET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,221}\Z")


def store_tree(scheme: str, rest: str, environ: Mapping[str, str]) -> Tree:
    """Return the bucket or the part of it that an address names, by the library that is there."""
    bucket, _, prefix = rest.partition("/")
    if not _BUCKET.match(bucket) or ".." in bucket:
        raise UsageError(f"write {scheme}://BUCKET or {scheme}://BUCKET/PREFIX; keys go into the environment")
    if find_spec("obstore"):
        return StoreTree(scheme, bucket, prefix, environ)
    if find_spec("fsspec") and find_spec(LIBRARIES[scheme]):
        return fsspec_tree(f"{scheme}://{rest}")
    raise SourceError(f"{scheme}: needs a library: {EXTRA}")


class StoreTree:
    """A bucket, or what lies below a prefix of it."""

    def __init__(self, scheme: str, bucket: str, prefix: str, environ: Mapping[str, str]) -> None:
        self.title = f"{scheme}://{bucket}/{prefix}" if prefix else f"{scheme}://{bucket}"
        self._service = {"s3": "S3", "gs": "Google Cloud Storage", "az": "Azure"}[scheme]
        self._folder = prefix.endswith("/")
        self._prefix = prefix.strip("/")
        try:
            self._store = _store(scheme, bucket, environ)
        except Exception as error:  # noqa: BLE001 - the library's own errors, which may quote what they were given
            name = type(error).__name__
            raise SourceError(f"cannot open {self.title}: its settings in the environment are wrong ({name})") from None

    def entries(self) -> Iterator[Entry]:
        """Yield the objects below the prefix, or the one that it names."""
        import obstore  # noqa: PLC0415 - an extra

        found = False
        try:
            for page in obstore.list(self._store, prefix=self._prefix or None, chunk_size=1):
                for meta in page:
                    found = True
                    yield Entry(self._name(meta["path"]), meta["path"], meta["size"])
            if not found and self._prefix and not self._folder:
                meta = obstore.head(self._store, self._prefix)
                yield Entry(self._prefix.rsplit("/", 1)[-1], meta["path"], meta["size"])
                found = True
        except FileNotFoundError:
            pass
        except BaseException as error:  # noqa: BLE001 - panics of the library are no Exception
            _let_pass(error)
            raise self._unlisted(error) from None
        if not found:
            raise SourceError(f"{self.title} holds nothing; check the bucket, the prefix and the region")

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """Yield an object."""
        import obstore  # noqa: PLC0415 - an extra

        left = entry.size
        try:
            for chunk in obstore.get(self._store, entry.key).stream(min_chunk_size=CHUNK):
                left -= len(chunk)
                yield memoryview(chunk)  # type: ignore[misc] # bytes of the library's own
        except FileNotFoundError:
            raise ReadError("vanished", "gone since the listing") from None
        except BaseException as error:  # noqa: BLE001 - panics of the library are no Exception
            _let_pass(error)
            kind = type(error).__name__
            if kind in DENIED:
                raise ReadError("permission", "the service denies it (or it is archived)") from None
            raise Broken(f"{self._service} broke off or did not answer") from None
        if left > 0:
            raise Broken("it is shorter than the listing said")

    def _name(self, key: str) -> str:
        return key.removeprefix(f"{self._prefix}/") if self._prefix else key

    def _unlisted(self, error: BaseException) -> Exception:
        kind = type(error).__name__
        said = _STATUS.search(str(error))
        status = said[1] if said else ""
        if kind in DENIED or status in ("401", "403"):
            return SourceError(f"{self._service} denies {self.title}; set credentials that may list and read it")
        if status == "404":
            return SourceError(f"{self._service} has no {self.title}; check the bucket and the region")
        if kind == "InvalidPathError":
            return BadListing("a name in it is no path (.. or //); pip install s3fs and scan fsspec:s3://…")
        return Broken(f"{self._service} did not answer as it should (offline, another region, or a wrong endpoint?)")


def _let_pass(error: BaseException) -> None:
    """Raise what is no error of the library: an interrupt, the end of a generator. Its panics are errors."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error


def _endpoint(*addresses: str | None) -> str:
    """Return the first address that is set; raise `ValueError` for one that is none, on which the library panics."""
    address = next((a for a in addresses if a), "")
    if address and not re.match(r"https?://[!-~]+\Z", address):
        raise ValueError
    return address


def _store(scheme: str, bucket: str, environ: Mapping[str, str]) -> Any:
    """Return obstore's store, with the settings of the environment and no request for credentials."""
    from obstore.store import AzureStore, GCSStore, S3Store  # noqa: PLC0415 - an extra

    client: Any = {"connect_timeout": timedelta(seconds=10), "read_timeout": TIMEOUT, "timeout": WHOLE}
    backoff = {"init_backoff": timedelta(seconds=0.2), "max_backoff": timedelta(seconds=5), "base": 2}
    retry: Any = {"max_retries": TRIES - 1, "retry_timeout": timedelta(seconds=60), "backoff": backoff}
    if scheme == "s3":
        settings = _amazon(environ)
        client["allow_http"] = str(settings.get("endpoint", "")).startswith("http:")
        return S3Store(bucket, config=settings, client_options=client, retry_config=retry)
    if scheme == "gs":
        settings = _google(environ)
        client["allow_http"] = str(settings.get("base_url", "")).startswith("http:")
        return GCSStore(bucket, config=settings, client_options=client, retry_config=retry)
    account = environ.get("AZURE_STORAGE_ACCOUNT_NAME") or environ.get("AZURE_STORAGE_ACCOUNT")
    if not account:
        raise SourceError("az: needs the account's name in AZURE_STORAGE_ACCOUNT_NAME")
    azure: Any = {"account_name": account}
    if not any(name.startswith("AZURE_") and "ACCOUNT_NAME" not in name for name in environ):
        azure["skip_signature"] = True
    return AzureStore(bucket, config=azure, client_options=client, retry_config=retry)


def _amazon(environ: Mapping[str, str]) -> Any:
    """Return the settings for S3: variables first, then the file of the AWS programs."""
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    settings: dict[str, Any] = {"region": region or "us-east-1"}
    endpoint = _endpoint(environ.get("AWS_ENDPOINT_URL_S3"), environ.get("AWS_ENDPOINT_URL"))
    if endpoint:
        settings["endpoint"] = endpoint
    if environ.get("AWS_WEB_IDENTITY_TOKEN_FILE"):
        return settings
    names = ("access_key_id", "secret_access_key", "session_token")
    keys = {name: environ.get(f"AWS_{name.upper()}", "") for name in names}
    if not keys["access_key_id"]:
        keys = _profile(environ)
    if not keys.get("access_key_id"):
        return {**settings, "skip_signature": True}
    return {**settings, **{name: value for name, value in keys.items() if value}}


def _profile(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the keys of a profile of the AWS programs, empty where there is none."""
    path = environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials"
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(Path(path).expanduser().read_text("utf-8"))
        section = parser[environ.get("AWS_PROFILE") or "default"]
    except (OSError, ValueError, KeyError, RuntimeError, configparser.Error):
        return {}
    names = ("access_key_id", "secret_access_key", "session_token")
    return {name: section.get(f"aws_{name}", "") for name in names}


def _google(environ: Mapping[str, str]) -> Any:
    """Return the settings for Google Cloud Storage."""
    settings: dict[str, Any] = {}
    emulator = environ.get("STORAGE_EMULATOR_HOST", "")
    emulator = f"http://{emulator}" if emulator and "://" not in emulator else emulator
    base = _endpoint(environ.get("GOOGLE_BASE_URL"), emulator)
    if base:
        settings["base_url"] = base
    known = ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_SERVICE_ACCOUNT", "GOOGLE_SERVICE_ACCOUNT_PATH")
    more = ("GOOGLE_SERVICE_ACCOUNT_KEY", "GOOGLE_BEARER_TOKEN")
    login = Path("~/.config/gcloud/application_default_credentials.json").expanduser()
    if not (any(environ.get(name) for name in (*known, *more)) or login.exists()):
        settings["skip_signature"] = True
    return settings


def fsspec_tree(address: str) -> Tree:
    """Return the tree at an address of any file system that fsspec and its installed libraries open."""
    protocol, _, rest = address.partition("://")
    if not protocol or protocol.lower() in HERE or "::" in address or not rest:
        raise UsageError("write fsspec:PROTOCOL://PATH for a file system elsewhere; for this machine's a path will do")
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra
    except ImportError:
        raise SourceError(f"fsspec: needs a library: {EXTRA}") from None
    try:
        system, root = url_to_fs(address)
    except (ImportError, ValueError):
        raise SourceError(f"fsspec has no library installed for {protocol}://; install the one it names") from None
    except Exception as error:  # noqa: BLE001 - each library has errors of its own
        raise SourceError(f"fsspec cannot open {protocol}:// ({type(error).__name__})") from None
    return FsspecTree(system, root, f"{protocol}://{_shown(rest)}")


def _shown(rest: str) -> str:
    """Return the rest of an address without user, password and query."""
    host, slash, path = rest.partition("?")[0].partition("/")
    return host.rpartition("@")[2] + slash + path


class FsspecTree:
    """Any file system of fsspec, from one of its paths on."""

    def __init__(self, system: Any, root: str, title: str) -> None:
        """Take an ``AbstractFileSystem``."""
        self._system = system
        self._root = root.rstrip("/")
        self.title = title

    def entries(self) -> Iterator[Entry]:
        """Yield the files below the path, or the one that it names."""
        try:
            found = self._system.find(self._root, detail=True)
        except FileNotFoundError:
            found = {}
        except PermissionError:
            raise SourceError(f"{self.title} is denied; set credentials that may list and read it") from None
        except Exception as error:  # noqa: BLE001 - each library has errors of its own
            raise Broken(f"the service did not answer as it should ({type(error).__name__})") from None
        if not found:
            raise SourceError(f"{self.title} holds nothing; check the address")
        for key, info in found.items():
            size = info.get("size")
            name = key.rsplit("/", 1)[-1] if key == self._root else key.removeprefix(f"{self._root}/")
            yield Entry(name, key, size if isinstance(size, int) else -1)

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """Yield a file."""
        try:
            with self._system.open(entry.key, "rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except FileNotFoundError:
            raise ReadError("vanished", "gone since the listing") from None
        except PermissionError:
            raise ReadError("permission", "the service denies it") from None
        except Exception as error:  # noqa: BLE001 - the library's own
            raise Broken(f"the service broke off or did not answer ({type(error).__name__})") from None


__all__ = ["FsspecTree", "StoreTree", "fsspec_tree", "store_tree"]
