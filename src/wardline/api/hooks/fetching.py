"""Reading from the EHR's FHIR server what it did not send along: only from the address the site has listed, with the token it lent us."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urljoin

import msgspec

from wardline.core.errors import Fault
from wardline.core.outside import Outside
from wardline.formats.cds_hooks.request import Authorization, next_page

MOST_PAGES: Final = 10
FHIR_JSON: Final = "application/fhir+json"


async def fetched(searches: Mapping[str, str], authorization: Authorization, outside: Outside) -> dict[str, list[Any]]:
    """What each search found, page by page; a key whose search failed is left out."""
    answers = await asyncio.gather(*(_pages(search, authorization, outside) for search in searches.values()))
    return {key: pages for key, pages in zip(searches, answers, strict=True) if pages is not None}


async def rest_of(bundle: Any, authorization: Authorization, outside: Outside) -> list[Any] | None:
    """The pages after this one; None where they could not be read."""
    following = next_page(bundle)
    return await _pages(following, authorization, outside) if following else []


async def _pages(search: str, authorization: Authorization, outside: Outside) -> list[Any] | None:
    """Every page; None unless all of them could be read: half a list looks like a whole one."""
    pages: list[Any] = []
    address = urljoin(f"{authorization.server}/", search)
    while address and len(pages) < MOST_PAGES:
        if not address.startswith(f"{authorization.server}/"):  # a page elsewhere would be handed the token
            return None
        page = await _page(address, authorization, outside)
        if page is None:
            return None
        pages.append(page)
        following = next_page(page)
        address = urljoin(f"{authorization.server}/", following) if following else ""
    return pages if not address else None


async def _page(address: str, authorization: Authorization, outside: Outside) -> Any:
    try:
        reply = await outside.request("GET", address, headers={"authorization": f"Bearer {authorization.token}", "accept": FHIR_JSON})
        return msgspec.json.decode(reply.content) if reply.status == 200 else None
    except (Fault, msgspec.MsgspecError, RecursionError):
        return None
