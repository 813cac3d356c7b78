"""Those who ask, and what they ask."""

from dataclasses import dataclass

import httpx

from bench.house import House
from bench.requests import BODY, request

PASSWORD = "a long secret"


@dataclass(frozen=True)
class Person:
    id: int
    cookie: str

    def get(self, path: str, **headers: str) -> bytes:
        asked = request("GET", path, self.cookie)
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return asked.replace(b"\r\n\r\n", b"\r\n" + more.encode() + b"\r\n")

    def post(self, conversation: int) -> bytes:
        return request("POST", f"/conversations/{conversation}/messages", self.cookie, BODY)

    def etag(self, house: House, path: str) -> str:
        answer = httpx.get(f"http://127.0.0.1:{house.port}{path}", headers={"Cookie": self.cookie})
        return answer.headers["ETag"]


def sign_up(house: House, name: str) -> Person:
    user = {"email": f"{name}@example.com", "password": PASSWORD, "username": name}
    with httpx.Client(base_url=f"http://127.0.0.1:{house.port}", timeout=30) as client:
        answer = client.post("/users", json={"user": user}).raise_for_status()
        cookie = f"_chatflow_session={client.cookies['_chatflow_session']}"
        return Person(answer.json()["user"]["id"], cookie)
