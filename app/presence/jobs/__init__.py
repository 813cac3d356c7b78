"""What a process does all the time: it says who is here, and tells others who has changed."""

from app.presence.jobs.saying import Saying
from app.presence.jobs.telling import Telling

__all__ = ["Saying", "Telling"]
