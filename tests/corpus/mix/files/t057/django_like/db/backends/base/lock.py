import threading
from contextlib import contextmanager

from .utils import DatabaseError


class AdvisoryLock:
    """
    Take a named lock for the duration of a migration.

    Two workers may race to apply the same migration; the loser of the race
    waits until the winner releases the lock. See ticket #28114 for the
    original race condition report.
    """

    _local = threading.local()

    def __init__(self, connection, name):
        self.connection = connection
        self.name = name

    @contextmanager
    def acquire(self):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [self.name])
            if not cursor.fetchone()[0]:
                raise DatabaseError("lost the race for %r" % self.name)
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [self.name])
