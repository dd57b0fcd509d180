"""A bot of Qiscus in a program of FastAPI: ``uvicorn bot_fastapi:app``.

Reads ``QISCUS_APP_ID`` and ``QISCUS_SECRET_KEY``, and ``WEBHOOK_SECRET``, the end of the path that Qiscus is told.
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from qiscus_async import AsyncQiscus, Bot, BotEvent, BotMessage, payloads

log = logging.getLogger("bot")

qiscus = AsyncQiscus.from_env()
bot = Bot(qiscus, "asisten@tehsenja.example", path_secret=os.environ["WEBHOOK_SECRET"])
orders = {"77": "sedang dikirim"}


@bot.command("help")
async def help_(message: BotMessage) -> None:
    await message.reply("Ketik: pesanan dan nomornya.")


@bot.text(r"pesanan (?P<number>\d+)")
async def order(message: BotMessage) -> None:
    assert message.match is not None
    number = message.match["number"]
    if number not in orders:
        await message.reply(f"Pesanan {number} tidak ada.")
        return
    cancel = payloads.Button.postback("Batalkan", "https://toko.example", payload={"cancel": number})
    await message.reply(payloads.Buttons(text=f"Pesanan {number} {orders[number]}.", buttons=[cancel]))


@bot.postback("Batalkan")
async def cancelled(message: BotMessage) -> None:
    await message.reply("Kami batalkan.")


@bot.error
async def failed(event: BotEvent, error: Exception) -> None:
    log.error("could not answer %r", event, exc_info=error)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    async with qiscus, bot.running():
        yield


app = FastAPI(lifespan=lifespan)
app.mount("/qiscus", bot.asgi())


@app.get("/health")
async def health() -> dict[str, int]:
    return {"waiting": bot.receiver.waiting}
