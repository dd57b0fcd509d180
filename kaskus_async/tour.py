"""KASKUS' part of ``nusantara tour``: real calls to the sandbox, first async, then sync."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kaskus_async import AsyncKaskus, Kaskus
from nusantara.errors import AuthFailed, Forbidden, OutcomeUnknown
from nusantara.sandbox import Fault

if TYPE_CHECKING:
    from nusantara.cli.stage import Stage

__all__ = ["walk", "walk_sync"]

POSTING = "POST /v1/forum_post"
BUYING = "POST /v1/fjb/lapak/{lapak_id}/buy_now"


async def walk(stage: Stage) -> None:
    """Sign in, read, search, write, buy, and what happens when a connection breaks."""
    show, base_url, sandbox = stage.show, stage.base_url, stage.sandbox
    key, secret = stage.credentials["consumer_key"], stage.credentials["consumer_secret"]
    username, partner = stage.credentials["username"], stage.credentials["partner"]

    async with AsyncKaskus(key, secret, base_url=base_url) as application:
        with stage.step("The application alone, without a user, reads what is public: the hot threads."):
            hot = (await application.threads.hot()).data
            for thread in hot:
                show(thread.hot_thread_start_date, thread.title, "|", thread.username)

        click = _allow_as(username)
        with stage.step("Sign in: a user allows the application in the browser, where a function clicks here."):
            token = await application.auth.log_in(open_browser=click)
            show(token.username, token.token_secret)

        kaskus = application.with_token(token.token, token.token_secret)
        seller = application.with_token(partner["token"], partner["token_secret"])

        with stage.step("Search the forum. Pages are fetched as the loop needs them."):
            titles = [found.title async for found in kaskus.search.forum("kopi", limit=5)]
            show(len(titles), "threads, the first is", titles[0])

        with stage.step("Read a thread, and what came with its posts."):
            page = await kaskus.threads.read(hot[0].thread_id, limit=3)
            show(page.answer.thread.title, f"({page.total} posts)")
            for post in page.items:
                show(post.post_username, "|", post.text)

        with stage.step("Write a post and change it. What KASKUS answers is not documented: a record shows its keys."):
            written = await kaskus.posts.create(hot[0].thread_id, "Nyimak dulu, [b]gan[/b].")
            show(written)
            await kaskus.posts.edit(written.post_id, message="Nyimak dulu, [i]gan[/i].")
            changed = (await kaskus.posts.get(written.post_id)).posts[0]
            show(changed.pagetext, "|", changed.text)

        with stage.step("Somebody else may not change it."):
            try:
                await seller.posts.edit(written.post_id, message="Bukan tulisan saya.")
            except Forbidden as error:
                show(error)

        with stage.step("Look for coffee in the marketplace, and for what it costs to have it sent."):
            lapak = (await kaskus.search.lapak("kopi toraja")).items[0]
            home = (await kaskus.fjb.addresses.saved()).data[0]
            costs = await kaskus.fjb.shipping.costs(lapak.thread_id, str(home.area_id), quantity=2)
            show(lapak.title, lapak.discounted_price, [method.cost for method in costs.data[0].methods])

        with stage.step("Buy two."):
            bought = await kaskus.fjb.purchases.buy_now(lapak.thread_id, 2, address_id=home.id, shipping_agent=2)
            show(bought.checkout_url)
            invoice = (await kaskus.fjb.invoices.buying()).data[0]
            show(invoice.status, "|", invoice.item.title, invoice.quantity, invoice.total)

        async def status() -> str:
            return str((await kaskus.fjb.invoices.get(invoice.id)).status)

        with stage.step("The buyer pays, the seller agrees and sends, the buyer has it and is content."):
            await kaskus.fjb.invoices.confirm_transfer(invoice.id, name="Arya", origin_bank="014")
            show(await status())
            await seller.fjb.purchases.approve(invoice.id, message="Siap, gan.")
            show(await status())
            await seller.fjb.invoices.set_shipping(invoice.id, tracking_number="NUSA0001")
            show(await status())
            await kaskus.fjb.invoices.confirm_delivery(invoice.id)
            await kaskus.fjb.invoices.give_feedback(invoice.id, "positive", message="Mantap.")
            show(await status())

        with stage.step("The connection breaks under a search: it is made again, signed anew."):
            sandbox.faults.add(Fault.reset_after_read(), method="GET", times=1)
            show((await kaskus.search.forum("kopi gayo")).total, "found")

        with stage.step("The answer to a purchase is lost: nothing is bought again, and the error says so."):
            sandbox.faults.add(Fault.drop_after_execute(), operation=BUYING, times=1)
            try:
                await kaskus.fjb.purchases.buy_now(
                    lapak.thread_id, 1, address_id=home.id, shipping_agent=2, message="Hanya sekali."
                )
            except OutcomeUnknown as error:
                show(error)
            once = [one for one in sandbox.kaskus.market.invoices.values() if one.order.message == "Hanya sekali."]
            show("purchases with this message in the sandbox:", len(once))

    with stage.step("The same in XML, if one prefers: the results do not differ."):
        async with AsyncKaskus(key, secret, base_url=base_url, output="xml") as reader:
            show((await reader.threads.hot()).data[0].title)


def walk_sync(stage: Stage) -> None:
    """The same client without ``await``."""
    show, base_url, sandbox = stage.show, stage.base_url, stage.sandbox
    key, secret = stage.credentials["consumer_key"], stage.credentials["consumer_secret"]
    token, token_secret = stage.credentials["token"], stage.credentials["token_secret"]
    partner = stage.credentials["partner"]

    with Kaskus(key, secret, token=token, token_secret=token_secret, base_url=base_url) as kaskus:
        seller = kaskus.with_token(partner["token"], partner["token_secret"])

        with stage.step("Who am I, and what is in my mail?"):
            show(kaskus.account.profile().username)
            for folder in kaskus.private_messages.folders():
                show(folder.name, folder.total_message)

        with stage.step("Hot threads, and one of them from the first post to the last."):
            hot = kaskus.threads.hot().data[0]
            show(hot.title, "|", *[post.post_username for post in kaskus.threads.read(hot.thread_id, limit=2)])

        with stage.step("Make an offer. The seller accepts, and then it is bought."):
            lapak = kaskus.search.lapak("dripper").first().items[0]
            home = kaskus.fjb.addresses.saved().data[0]
            offer = kaskus.fjb.offers.create(
                lapak.thread_id, 130_000, 1, message="Pas, gan?", address_id=home.id, shipping_agent=2
            )
            seller.fjb.offers.approve(offer.id, message="Boleh.")
            answer = kaskus.fjb.offers.get(offer.id)
            show(answer.price, answer.status, "|", answer.reply and answer.reply.message)
            show(kaskus.fjb.purchases.checkout(offer.id).checkout_url)

        with stage.step("The answer to a post is lost."):
            sandbox.faults.add(Fault.drop_after_execute(), operation=POSTING, times=1)
            text = "Balasan ini hanya boleh ada satu."
            try:
                kaskus.posts.create(hot.thread_id, text)
            except OutcomeUnknown as error:
                show("sent:", error.sent, "- it may have been carried out")
            same = [post for post in sandbox.kaskus.board.posts.values() if post.pagetext == text]
            show("posts with this text in the sandbox:", len(same))

    with stage.step("A token that is not good."):
        wrong = "not-the-secret"
        with Kaskus(key, secret, token=token, token_secret=wrong, base_url=base_url) as stranger:
            try:
                stranger.account.profile()
            except AuthFailed as error:
                show(error)


def _allow_as(username: str) -> Callable[[str], bool]:
    """Does what a browser does whose user logs in and clicks on "allow"."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def click(url: str) -> bool:
        page, _, query = url.partition("?")
        form = f"{query}&{urlencode({'username': username, 'decision': 'allow'})}"
        # The answer sends the browser on to the program.
        with opener.open(page, form.encode(), timeout=10):
            return True

    return click
