"""Where studies, instances and frames are to be had over the web."""

from typing import Final

from fastapi import Request

from wardline.api.services import Services

ROOT: Final = "/dicom-web"
STUDY: Final = ROOT + "/studies/{study}"
SERIES: Final = STUDY + "/series/{series}"
INSTANCE: Final = SERIES + "/instances/{instance}"
FRAMES: Final = INSTANCE + "/frames/{frames}"


def base(request: Request, house: Services) -> str:
    """The address of this door as answers say it: the site's own, or the one it was asked at."""
    return (house.address or f"{request.url.scheme}://{request.url.netloc}") + ROOT
