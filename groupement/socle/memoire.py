"""Memory of large calculations."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def sans_ramasse_miettes() -> Iterator[None]:
    """Pause the search for cycles (with-block or decorator); what nothing names any more is still freed at once.

    Python looks through all it holds each time it has grown by a quarter: while a million rows are being made, none
    of them in a cycle, that costs more than the calculation itself.
    """
    en_marche = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if en_marche:
            gc.enable()
