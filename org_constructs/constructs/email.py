"""E-mail addresses of accounts, derived from one address by plus-addressing."""

from org_constructs.refusal import Refusal

from .validate import check_email, check_text, is_token, shown


def plus_address(email: str, key: str) -> str:
    """Return the plus-address of an account: `aws@acme.com` and `dev` give `aws+dev@acme.com`.

    Mail to it arrives at the base address where the mail provider supports sub-addressing, as Google Workspace and
    Microsoft 365 do; send yourself a mail to one before the first deploy. https://www.rfc-editor.org/rfc/rfc5233

    Args:
        email: The base address, without a `+`.
        key: What comes after the `+`.

    Raises:
        Refusal: The base address is not an e-mail address, or has a `+` already; or the plus-address is over 64
            characters.
    """
    check_email("email", email)
    check_text("key", key, maximum=64)
    if is_token(email):
        raise Refusal(
            "email-token",
            "email must be known at synth, since addresses are derived from it, got a token",
            "give each account an email",
        )
    local, domain = email.split("@")
    if "+" in local:
        raise Refusal(
            "email-plus",
            f"email must not contain a '+', since the addresses of accounts add one, got {shown(email)}",
            f"use the address before the '+', {local.split('+')[0]}@{domain}",
        )
    derived = f"{local}+{key}@{domain}"
    try:
        check_email("email", derived)
    except Refusal as refusal:
        raise Refusal(
            "email-derived",
            f"{refusal.why} (derived from {email!r} for {key!r})",
            "give the account its own email",
        ) from None
    return derived
