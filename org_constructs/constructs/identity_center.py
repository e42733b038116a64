"""`IdentityCenter`: the organization instance of IAM Identity Center, which exists already."""

from __future__ import annotations

from dataclasses import dataclass

from org_constructs.aws import limits

from .validate import check_text


@dataclass(frozen=True, kw_only=True)
class IdentityCenter:
    """The organization instance of IAM Identity Center, a value: nothing is created.

    AWS has no API that enables an organization instance in a management account. It is enabled once in the console,
    in a region that can never change, and then named here. The values are in the console under Settings, or come from
    `aws sso-admin list-instances --region REGION`.

    ```python
    identity_center = IdentityCenter(
        instance_arn="arn:aws:sso:::instance/ssoins-1111222233334444", identity_store_id="d-1111222233"
    )
    ```

    Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/enable-identity-center.html

    Raises:
        Refusal: The ARN, the id or the URL is not of AWS's form.
    """

    instance_arn: str
    """The ARN of the instance, `arn:aws:sso:::instance/ssoins-…`."""

    identity_store_id: str
    """The id of its identity store, `d-…`."""

    start_url: str | None = None
    """The AWS access portal URL where people sign in, `https://….awsapps.com/start`; by default the one that AWS
    gives every instance in the aws partition, made of the identity store's id. A custom one is chosen once in the
    console."""

    def __post_init__(self) -> None:
        """Refuse values of the wrong form."""
        check_text(
            "instance_arn",
            self.instance_arn,
            minimum=10,
            maximum=1224,
            pattern=limits.INSTANCE_ARN,
            rule="an ARN like 'arn:aws:sso:::instance/ssoins-1111222233334444'",
        )
        check_text(
            "identity_store_id",
            self.identity_store_id,
            maximum=36,
            pattern=limits.IDENTITY_STORE_ID,
            rule="an id like 'd-1111222233'",
        )
        if self.start_url is None:
            # The other partitions have other domains:
            # https://docs.aws.amazon.com/singlesignon/latest/userguide/howtochangeURL.html
            if self.instance_arn.startswith("arn:aws:") and self.identity_store_id.startswith("d-"):
                object.__setattr__(self, "start_url", f"https://{self.identity_store_id}.awsapps.com/start")
        else:
            check_text(
                "start_url",
                self.start_url,
                maximum=2048,
                pattern=limits.START_URL,
                rule="a URL like 'https://acme.awsapps.com/start'",
            )
