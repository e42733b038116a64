"""AWS's own example account and Identity Center, which stand in app.py until somebody puts theirs there.

https://docs.aws.amazon.com/general/latest/gr/docconventions.html
"""

from __future__ import annotations

from typing import Final

EXAMPLE_ACCOUNT: Final = "111122223333"
EXAMPLE_INSTANCE: Final = "arn:aws:sso:::instance/ssoins-1111222233334444"
EXAMPLE_IDENTITY_STORE: Final = "d-1111222233"
EXAMPLE_IDENTITY_CENTER: Final = frozenset({EXAMPLE_INSTANCE, EXAMPLE_IDENTITY_STORE})
"""The instance and the identity store that stand for the ones that nobody has yet."""
