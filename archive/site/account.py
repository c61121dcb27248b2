"""Pages that only people with an account may use."""

from datasette.utils.asgi import Response

from archive.accounts import accounts
from archive.site.visit import Page, Visit


def with_account(page: Page) -> Page:
    """Let a page be seen by people with an account; all others are told how to log in, or how an account is made."""

    async def answer(visit: Visit) -> Response:
        if visit.account is None:
            return visit.render("account_needed.html", 403, accounts=bool(accounts(visit.home.data)))
        return await page(visit)

    return answer
