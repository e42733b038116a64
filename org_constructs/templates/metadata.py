"""What `OrgBaseline` writes into the `Metadata` of its templates, since no resource has a property for it.

docs/decisions/0009-template-metadata.md says why; `aws_cdk` is not needed to read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Final

from org_constructs.refusal import Refusal

from .reading import Reader
from .values import as_json

METADATA_KEY: Final = "OrgBaseline"
"""The key in a template's `Metadata`."""

DISPLAY_NAMES: Final = "org-baseline:display-names"
"""The type of the metadata beside the template, in the assembly, that has the names of accounts that people see.

By the logical ids of the accounts; that of the management account under `management`.
"""

FORMAT: Final = 1
"""What is written. Older formats, and none, are read as they are; a newer one may mean something else."""


@dataclass(frozen=True, kw_only=True)
class AccountMetadata:
    """Where the id of an account is after a deploy, and the region of its CLI profiles, if it has one of its own."""

    output: str
    region: str | None = None


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom AWS writes to beside the root user's address; its fields are those of PutAlternateContact."""

    type: str
    name: str
    title: str
    email_address: str
    phone_number: str


@dataclass(frozen=True, kw_only=True)
class AlternateContact(Contact):
    """A contact of several accounts."""

    accounts: tuple[str, ...]
    """Their keys in the app."""

    @property
    def as_aws(self) -> dict[str, str]:
        """The contact by the names that AWS has for its parts."""
        return {
            "Name": self.name,
            "Title": self.title,
            "EmailAddress": self.email_address,
            "PhoneNumber": self.phone_number,
        }


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How much of an app no template has yet, without its Identity Center or the types of its policies."""

    users: int = 0
    groups: int = 0
    permission_sets: int = 0
    assignments: int = 0
    policies: int = 0


@dataclass(frozen=True, kw_only=True)
class BaselineMetadata:
    """What a template says of a baseline; None or empty where it does not say it, or the deploy alone knows it."""

    company: str | None = None
    email: str | None = None
    """The e-mail address of the management account."""

    session_name: str | None = None
    default_region: str | None = None
    identity_center_region: str | None = None
    start_url: str | None = None
    existing_names: Mapping[str, str] = field(default_factory=dict)
    """The names of what exists already, by id."""

    policy_types: tuple[str, ...] = ()
    """The types of the policies, of those that wait as well."""

    trusted_access: tuple[str, ...] = ()
    """The service principals."""

    root_access: bool = False
    """Whether root users of member accounts are to be managed centrally."""

    delegated_administrators: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The keys of the accounts that are to administer a service for the organization, by its principal."""

    alternate_contacts: tuple[AlternateContact, ...] = ()
    closing: tuple[str, ...] = ()
    """The keys in the app of the accounts that are about to be closed."""

    waiting: Waiting | None = None
    """What is in no template yet; None where nothing waits."""

    part_of: str = ""
    """In the template of a stack beside the baseline's: the name of the baseline's stack."""

    accounts: Mapping[str, AccountMetadata] = field(default_factory=dict)
    """The accounts whose outputs the template has, by their keys in the app."""

    @property
    def is_of_baseline(self) -> bool:
        """Whether a baseline's own template says it: neither one of a stack beside it, nor one that says nothing."""
        return self != BaselineMetadata() and not self.part_of

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON: without what is not said, but with `Accounts` always."""
        said = {"Format": FORMAT, **_written(self)}
        return {key: value for key, value in said.items() if value or key == "Accounts"}

    @classmethod
    def from_dict(cls, said: object) -> BaselineMetadata:
        """Return what JSON says; keys that are not known are passed over.

        Raises:
            Refusal: A newer format, or something else than `OrgBaseline` writes there.
        """
        version = said.get("Format", FORMAT) if isinstance(said, dict) else FORMAT
        if _READER.read(int, version, f"Metadata.{METADATA_KEY}.Format") > FORMAT:
            raise Refusal(
                "metadata-newer",
                f"Metadata.{METADATA_KEY} must be of format {FORMAT} or older, got {version}",
                "update org_constructs, since a newer version of it wrote the template",
            )
        read: BaselineMetadata = _READER.read(cls, said, f"Metadata.{METADATA_KEY}")
        return read


def metadata_of(template: Mapping[str, Any]) -> BaselineMetadata | None:
    """Return what a template says of a baseline; None where it says nothing of any.

    Raises:
        Refusal: As `BaselineMetadata.from_dict`.
    """
    metadata = template.get("Metadata")
    if not isinstance(metadata, dict) or METADATA_KEY not in metadata:
        return None
    return BaselineMetadata.from_dict(metadata[METADATA_KEY])


def is_baseline(template: Mapping[str, Any]) -> bool:
    """Tell whether a template is a baseline's own, and neither one of a stack beside it nor of something else."""
    metadata = metadata_of(template)
    return metadata is not None and metadata.is_of_baseline


def metadata_of_all(templates: Iterable[Mapping[str, Any]]) -> BaselineMetadata:
    """Return what a baseline says, with the accounts of the stacks beside it; nothing without one."""
    own, accounts = None, dict[str, AccountMetadata]()
    for metadata in filter(None, map(metadata_of, templates)):
        accounts |= metadata.accounts
        own = own if metadata.part_of else metadata
    return replace(own, accounts=accounts) if own else BaselineMetadata()


def _key(name: str) -> str:
    return name.title().replace("_", "")


def _written(value: Any) -> Any:  # noqa: ANN401 (JSON)
    if is_dataclass(value):
        said = {_key(each.name): _written(getattr(value, each.name)) for each in fields(value)}
        return {key: each for key, each in said.items() if each is not None}
    if isinstance(value, Mapping):
        return {key: _written(each) for key, each in value.items()}
    return [_written(each) for each in value] if isinstance(value, tuple) else value


def _invalid(where: str, _rule: str, value: object) -> Refusal:
    return Refusal(
        "metadata-invalid",
        f"{where} must be what OrgBaseline writes there, got {as_json(value)}",
        f"synthesize the app again, or choose another key than {METADATA_KEY} for metadata of your own",
    )


_READER: Final = Reader(refuse=_invalid, key=_key, of_template=True)
