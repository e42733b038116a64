"""Checks of arguments: each passes a token, and refuses with one sentence that says argument, rule, value and fix."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence

from org_constructs.aws import limits
from org_constructs.aws.regions import could_be_newer, regions
from org_constructs.refusal import Refusal
from org_constructs.refusal.nearest import nearest

_SHOWN_MAX = 80  # characters of a refused value that an error repeats
_NAMES_SHOWN_MAX = 8  # known names that an error lists
_TOKEN = re.compile(r"\$\{Token\[[a-zA-Z0-9:._-]+\]\}")


def is_token(value: object) -> bool:
    """Tell whether CDK resolves the text later, so that nothing about it is known now.

    Looks at the text instead of asking `aws_cdk.Token.is_unresolved`, which costs a call into Node.
    """
    return isinstance(value, str) and _TOKEN.search(value) is not None


def shown(value: object) -> str:
    """Return the value as an error repeats it."""
    text = repr(value)
    return text if len(text) <= _SHOWN_MAX else f"{text[: _SHOWN_MAX - 1]}…"


def check_type(argument: str, value: object, types: type | tuple[type, ...], expected: str) -> None:
    """Refuse what is no instance of the types."""
    if not isinstance(value, types):
        raise Refusal("wrong-type", f"{argument} must be {expected}, got {type(value).__name__} {shown(value)}")


def check_sequence(argument: str, values: object, types: type | tuple[type, ...], expected: str) -> None:
    """Refuse what is no list or tuple of instances of the types."""
    if isinstance(values, str) or not isinstance(values, Sequence):
        raise Refusal(
            "not-a-list",
            f"{argument} must be a list, got {type(values).__name__} {shown(values)}",
            "put it in brackets",
        )
    for index, value in enumerate(values):
        check_type(f"{argument}[{index}]", value, types, expected)


def check_text(
    argument: str, value: str, *, maximum: int, minimum: int = 1, pattern: str | None = None, rule: str = ""
) -> None:
    """Refuse text that is too short, too long or not of the pattern; `rule` says the pattern in words."""
    check_type(argument, value, str, "text")
    if is_token(value):
        return
    if not minimum <= len(value) <= maximum:
        raise Refusal(
            "wrong-length", f"{argument} must be {minimum} to {maximum} characters, got {len(value)}: {shown(value)}"
        )
    if pattern is not None and not re.fullmatch(pattern, value, re.ASCII):
        raise Refusal("wrong-form", f"{argument} must be {rule}, got {shown(value)}")


def check_printable(argument: str, value: str, *, maximum: int, spaces: str = " \t\n\r\u00a0\u3000") -> None:
    """Refuse text that the Identity Store refuses: control characters, and spaces other than the ones given."""
    check_text(argument, value, maximum=maximum)
    if is_token(value):
        return
    for character in value:
        if unicodedata.category(character)[0] not in "LMSNP" and character not in spaces:
            raise Refusal(
                "wrong-character",
                f"{argument} must not contain the character {character!r}, got {shown(value)}",
                "remove it",
            )


def check_email(argument: str, value: str) -> None:
    """Refuse an address which Organizations does not take as an account's e-mail."""
    check_type(argument, value, str, "text")
    if is_token(value):
        return
    if not limits.EMAIL_MIN <= len(value) <= limits.EMAIL_MAX:
        raise Refusal(
            "wrong-length",
            f"{argument} must be {limits.EMAIL_MIN} to {limits.EMAIL_MAX} characters, got {len(value)}: {shown(value)}",
            "choose another address",
        )
    if not re.fullmatch(limits.EMAIL, value, re.ASCII):
        raise Refusal("email-form", f"{argument} must be an e-mail address like 'aws+dev@acme.com', got {shown(value)}")


def check_user(
    argument: str, *, user_name: str, given_name: str, family_name: str, email: str | None, display_name: str | None
) -> None:
    """Refuse what the Identity Store would refuse; `argument` is put before the name of the argument."""
    check_printable(f"{argument}user_name", user_name, maximum=limits.USER_NAME_MAX, spaces="")
    if user_name in limits.RESERVED_NAMES:
        raise Refusal(
            "name-reserved",
            f"{argument}user_name must not be a name that AWS reserves, got {user_name!r}",
            "choose another",
        )
    check_printable(f"{argument}given_name", given_name, maximum=limits.PERSON_NAME_MAX)
    check_printable(f"{argument}family_name", family_name, maximum=limits.PERSON_NAME_MAX)
    display_name = f"{given_name} {family_name}" if display_name is None else display_name
    check_printable(f"{argument}display_name", display_name, maximum=limits.PERSON_NAME_MAX)
    if email is None:
        rule = "an e-mail address if email is left out, since the user name is then the e-mail address"
        check_text(
            f"{argument}user_name", user_name, maximum=limits.USER_NAME_MAX, pattern=r"[^\s@]+@[^\s@]+", rule=rule
        )
    else:
        check_printable(f"{argument}email", email, maximum=1024, spaces="")
        check_text(
            f"{argument}email", email, maximum=1024, pattern=r"[^\s@]+@[^\s@]+", rule="an address like 'dax@acme.com'"
        )


def check_principal_id(argument: str, value: str) -> None:
    """Refuse what is no id of a user or a group in an identity store."""
    rule = "an id like '1111222233-11112222-3333-4444-5555-666677778888'"
    check_text(argument, value, maximum=47, pattern=limits.PRINCIPAL_ID, rule=rule)


def check_account_id(argument: str, value: str) -> None:
    """Refuse what is not twelve digits."""
    check_type(argument, value, str, "text of twelve digits, in quotes, since a number loses leading zeros")
    if not is_token(value) and not re.fullmatch(limits.ACCOUNT_ID, value, re.ASCII):
        raise Refusal("account-id-form", f"{argument} must be twelve digits, got {shown(value)}")


def check_region(argument: str, value: str, *, listed: bool = False) -> None:
    """Refuse what is no region.

    One that botocore does not list passes if it is named as a newer one would be, unless only `listed` ones may.
    """
    check_type(argument, value, str, "the name of a region")
    newer = could_be_newer(value)
    if is_token(value) or value in regions() or (newer and not listed):
        return
    close = nearest(value, regions())
    hints = [f"did you mean {close!r}?"] if close else []
    if newer:
        hints.append(
            f"{'If' if close else 'if'} AWS opened {value!r} since this botocore was released, update botocore"
        )
    hint = " ".join(hints) or "write it like 'us-east-1'"
    raise Refusal("region-unknown", f"{argument} must be an AWS region, got {shown(value)}", hint)


def check_tags(argument: str, tags: Mapping[str, str]) -> None:
    """Refuse tags over AWS's lengths, of other characters or under AWS's own prefix."""
    check_type(argument, tags, Mapping, "a mapping of tag keys to values")
    if len(tags) > limits.TAGS_MAX:
        raise Refusal("tags-too-many", f"{argument} must be at most {limits.TAGS_MAX} tags, got {len(tags)}")
    for key, value in tags.items():
        check_text(f"{argument} key", key, maximum=limits.TAG_KEY_MAX)
        check_text(f"{argument}[{key!r}]", value, minimum=0, maximum=limits.TAG_VALUE_MAX)
        if key.lower().startswith("aws:"):
            raise Refusal(
                "tag-key-reserved",
                f"{argument} key must not start with 'aws:', which is reserved for AWS, got {key!r}",
            )
        for text in (key, value):
            for character in "" if is_token(text) else text:
                if unicodedata.category(character)[0] not in "LZN" and character not in limits.TAG_SYMBOLS:
                    raise Refusal(
                        "tag-character",
                        f"{argument} must consist of letters, digits, spaces and {limits.TAG_SYMBOLS!r},"
                        f" got {shown(text)}",
                    )


def check_unique(argument: str, values: Iterable[str], *, what: str, ignore_case: bool = False) -> None:
    """Refuse a value that comes twice; `argument` holds the values in order, `what` names one of them.

    Tokens count as well: the same token has the same value, whatever it will be.
    """
    seen: dict[str, int] = {}
    for index, value in enumerate(values):
        first = seen.setdefault(value.lower() if ignore_case else value, index)
        if first != index:
            raise Refusal(
                "not-unique",
                f"{argument}[{index}] must not repeat the {what} of {argument}[{first}], got {value!r}",
                f"use each {what} once",
            )


def check_known(
    argument: str, name: str, names: Collection[str], *, what: str, by_default: Collection[str] = ()
) -> None:
    """Refuse a name that is not among the names, and propose the one that was probably meant.

    `by_default` are the names that there are where no others are given.
    """
    check_type(argument, name, str, f"the name of {what}")
    if name in names:
        return
    some = [repr(known) for known in sorted(names)[:_NAMES_SHOWN_MAX]]
    hint = f"available: {', '.join(some) or 'none'}{', …' if len(names) > len(some) else ''}"
    if name in by_default:
        hint = f"add it, as what is given takes the place of the default ({hint})"
    elif close := nearest(name, names):
        hint = f"did you mean {close!r}?"
    raise Refusal("name-unknown", f"{argument} must name {what}, got {name!r}", hint)
