"""What schemathesis sends is changed in one place: an interaction that it makes must not be gone already.

It takes `expires_at` from its own ideas and from times it has seen. One in the past is allowed and means that
the interaction is gone at once, which schemathesis would take for a fault (a created resource that is not
there). test_interactions.py tests the past.
"""

from datetime import UTC, datetime
from typing import Any

import schemathesis

FAR = "2999-12-31T23:59:59Z"


def is_over(text: Any) -> bool:
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return at.tzinfo is not None and at < datetime.now(UTC)


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    if isinstance(case.body, dict) and is_over(case.body.get("expires_at")):
        case.body = {**case.body, "expires_at": FAR}
