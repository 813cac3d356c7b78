"""How often something may be done: counted in Redis for all workers, here when Redis is away."""

from app.kit.limits.budget import Budget
from app.kit.limits.counting import Limits
from app.kit.limits.limit import Exceeded, Limit

__all__ = ["Budget", "Exceeded", "Limit", "Limits"]
