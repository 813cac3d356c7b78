"""Does the time of an answer tell who has an account? Asked in turn for one who has and two who
have not: what the two differ by is noise.

.venv/bin/python -m bench.enumeration [requests]
"""

import os
import sys
from collections import defaultdict
from random import sample
from statistics import median
from time import perf_counter

import httpx

from bench.house import House, pinned_house

WITH_ACCOUNT, WITHOUT, CONTROL = "known@example.com", "knows@example.com", "knowz@example.com"
PASSWORD = {"password": "a wrong guess"}
ASKED = {
    "/users/sign_in": PASSWORD,
    "/auth/login": PASSWORD,
    "/users/password": {},
    "/users/confirmation": {},
    "/users/unlock": {},
}
WARM_UP = 20


def measure(house: House, requests: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{house.port}", timeout=30) as client:
        user = {"email": WITH_ACCOUNT, "password": "a long secret"}
        client.post("/users", json={"user": user}).raise_for_status()
        client.cookies.clear()
        print("| POST | account ms | none ms | difference ms | noise ms | answers |")
        print("|---|---:|---:|---:|---:|---|")
        for path, fields in ASKED.items():
            seconds, statuses = ask_in_turn(client, path, fields, requests)
            account, none, control = (
                median(seconds[email][WARM_UP:]) * 1e3 for email in (WITH_ACCOUNT, WITHOUT, CONTROL)
            )
            differences = f"{account - none:+.2f} | {control - none:+.2f}"
            print(f"| `{path}` | {account:.2f} | {none:.2f} | {differences} | {statuses} |")


def ask_in_turn(
    client: httpx.Client, path: str, fields: dict[str, str], requests: int
) -> tuple[dict[str, list[float]], set[int]]:
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    statuses = set()
    for _ in range(WARM_UP + requests):
        for email in sample([WITH_ACCOUNT, WITHOUT, CONTROL], 3):
            began = perf_counter()
            answer = client.post(path, json={"user": {"email": email} | fields})
            seconds[email].append(perf_counter() - began)
            statuses.add(answer.status_code)
    return seconds, statuses


if __name__ == "__main__":
    # Instead of twelve: the time that a hash takes varies by more than what we look for.
    os.environ["CHATFLOW_PASSWORD_BCRYPT_ROUNDS"] = "4"
    with pinned_house() as pinned:
        measure(pinned, int(sys.argv[1]) if len(sys.argv) > 1 else 500)
