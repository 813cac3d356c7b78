"""Who is hired in place of whom, and when. The workers here are no processes."""

from typing import Any, cast

from app.cli.staff import Staff


class Stub:
    pid, is_old, age_seconds = 1, False, 0.0

    def __init__(self, *, starts: bool) -> None:
        self.has_started = starts
        self.exit_code: int | None = None

    def listen(self, elapsed_seconds: float) -> None:
        self.age_seconds += elapsed_seconds

    def bury(self) -> None:
        pass


def staff_of(count: int, *, starts: bool) -> Staff:
    staff = Staff(lambda: cast(Any, Stub(starts=starts)), count)
    staff.hire_all()
    return staff


def kill_all(staff: Staff) -> None:
    for worker in staff.serving:
        cast(Any, worker).exit_code = -9
    staff.bury_the_dead()


def test_killed_again_and_again_somebody_serves_again_after_a_second() -> None:
    staff = staff_of(2, starts=True)
    for _ in range(5):
        kill_all(staff)
        staff.listen(1)
        for _ in range(2):
            staff.fill()
        assert len(staff.serving) == 2


def test_who_cannot_start_is_tried_ever_more_seldom() -> None:
    staff = staff_of(2, starts=False)
    for _ in range(3):
        kill_all(staff)
        staff.listen(30)
        for _ in range(2):
            staff.fill()
    kill_all(staff)
    staff.listen(7)
    staff.fill()
    assert staff.serving == []
