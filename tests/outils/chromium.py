"""Which browser the tests use; apart from the fixtures, so that `make test` can ask before it runs them."""

import os
import shutil

PROGRAMMES = ("chromium", "google-chrome", "chromium-browser", "google-chrome-stable")


def chromium() -> str | None:
    """The Chromium of this machine, or None; CHROMIUM in the environment decides."""
    if voulu := os.environ.get("CHROMIUM"):
        return shutil.which(voulu)
    return next(filter(None, map(shutil.which, PROGRAMMES)), None)
