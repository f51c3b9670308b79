"""`python -m tests.fakes.telegram --port 8081 --token 1:…` serves the fake and prints its URL."""

from __future__ import annotations

import argparse
import asyncio

from .server import FakeTelegram
from .state import CANARY_TOKEN


async def _serve(port: int, token: str) -> None:
    tg = FakeTelegram(token)
    await tg.start(port)
    try:
        print(tg.url, flush=True)
        await asyncio.Event().wait()
    finally:
        await tg.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--token", default=CANARY_TOKEN)
    options = parser.parse_args()
    try:
        asyncio.run(_serve(options.port, options.token))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
