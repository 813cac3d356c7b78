"""Two workers, real clients, and whatever may happen: nothing is lost, nothing comes twice."""

import pytest

from tests.system.faults import FAULTS, Fault
from tests.system.house import House
from tests.system.playing import play
from tests.system.scene import Scene
from tests.system.stage import Stage, open_stage


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_everybody_hears_everything_once_and_in_order(stage: Stage, fault: Fault) -> None:
    if fault.needs_clock and stage.house.clock is None:
        pytest.skip("libfaketime is not installed")
    assert (await play(stage, fault)).verdict.complaints == []


async def test_a_server_that_started_without_valkey_finds_it_later(house_to_hurt: House) -> None:
    async def plug_in(stage: Stage, scene: Scene) -> None:
        await scene.everybody_has_everything()
        await stage.cable.plug_in()
        await scene.bell_rings()

    async with open_stage(house_to_hurt, plugged_in=False) as stage:
        assert (await play(stage, Fault(plug_in))).verdict.complaints == []
