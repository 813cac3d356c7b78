"""Background jobs: rows in Postgres, kept by PgQueuer, run at least once and so safe to run twice.

Source: https://pgqueuer.readthedocs.io
"""

from app.kit.jobs.attempts import Attempts, Failed, Hopeless, House, Job
from app.kit.jobs.queue import enqueue, queries_of
from app.kit.jobs.running import running

__all__ = [
    "Attempts",
    "Failed",
    "Hopeless",
    "House",
    "Job",
    "enqueue",
    "queries_of",
    "running",
]
