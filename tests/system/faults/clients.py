"""What clients may do."""

from tests.system.raw import RawPost
from tests.system.scene import Scene
from tests.system.stage import Stage


async def reset_in_mid_post(stage: Stage, scene: Scene) -> None:
    """Half a request is no message; a whole one may be, and is the same when it comes again."""
    half = {"body": "never whole", "client_id": "half"}
    async with RawPost.by(scene.room.speaker, half) as post:
        await post.send(post.bytes[:-10])
        post.reset()
    whole = {"body": "whole, and nobody waits for the answer", "client_id": "whole"}
    async with (
        stage.database.locked(scene.room.topic) as waiting,
        RawPost.by(scene.room.speaker, whole) as post,
    ):
        await post.send(post.bytes)
        await waiting(1)  # Those of a worker wait together.
        post.reset()
    async with RawPost.by(scene.room.speaker, whole) as post:
        await post.send(post.bytes)
        scene.room.ledger.acknowledge(await post.message())
