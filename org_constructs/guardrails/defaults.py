"""What services do in accounts unless somebody says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from org_constructs.aws import limits
from org_constructs.constructs.validate import check_sequence, check_text, check_type, check_unique, is_token, shown
from org_constructs.refusal import Refusal

if TYPE_CHECKING:
    from ._content import Content

VpcBlock = Literal["block_ingress", "block_bidirectional"]
_IMAGE_PROVIDERS: Final = ("amazon", "aws_backup_vault", "aws_marketplace")
_PROVIDERS_MAX: Final = 200  # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImageCriterionRequest.html
_HOPS: Final = range(1, 65)


def ec2_defaults(
    *,
    message: str | None = None,
    hop_limit: int = 2,
    require_imdsv2: bool = False,
    serial_console: bool = False,
    vpc_block: VpcBlock | None = None,
    vpc_exclusions: bool = False,
    image_providers: Sequence[str] = (),
    only_report_images: bool = False,
) -> Content:
    """Return a declarative policy for Amazon EC2: IMDSv2, no serial console, no public images or snapshots.

    No account changes what the policy says, not even by its root user. The metadata settings are defaults of instances
    launched from then on. What breaks: images that speak IMDSv1 only; the serial console; sharing an image or a
    snapshot with everybody, which ends for snapshots that are public now, and not for images.

    Limits: a launch may still ask for IMDSv1 by name, until `require_imdsv2`. Sharing with single accounts is not
    sharing with everybody: `deny_sharing_outside_organization`. EC2 has to have trusted access: declare
    `trusted_access=["ec2.amazonaws.com"]`.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html and,
    on `require_imdsv2`,
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html and
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html#enforce-imdsv2-at-the-account-level

    Args:
        message: What AWS answers where it refuses; by default its own words.
        hop_limit: How many hops away from an instance its metadata is read, 1 to 64; by default 2, so that containers
            reach it.
        require_imdsv2: Whether a launch fails that asks for IMDSv1; by default it does not.
        serial_console: Whether the serial console may be used, which reaches an instance past every network; by default
            not.
        vpc_block: What internet gateways let through nowhere: `block_ingress`, what comes in, which ends public load
            balancers, or `block_bidirectional`, anything. By default accounts decide.
        vpc_exclusions: Whether accounts may exclude single VPCs and subnets from `vpc_block`; by default not.
        image_providers: Whose images may be launched and seen beside the account's own: ids of accounts, `amazon`,
            `aws_marketplace`, `aws_backup_vault`. By default everybody's.
        only_report_images: Whether images of others are reported, and launched all the same; by default not.

    Raises:
        Refusal: The message is empty, a value is none of those, or there is something to add to what is not given.
    """
    check_type("hop_limit", hop_limit, int, "a number")
    if hop_limit not in _HOPS:
        raise Refusal("hop-limit", f"hop_limit must be 1 to {_HOPS[-1]}, got {hop_limit}")
    attributes: dict[str, Any] = {
        "image_block_public_access": {"state": _assign("block_new_sharing")},
        "instance_metadata_defaults": {
            "http_endpoint": _assign("no_preference"),
            "http_put_response_hop_limit": _assign(str(hop_limit)),
            "http_tokens": _assign("required"),
            "instance_metadata_tags": _assign("no_preference"),
        },
        "serial_console_access": {"status": _assign("enabled" if serial_console else "disabled")},
        "snapshot_block_public_access": {"state": _assign("block_all_sharing")},
    }
    if require_imdsv2:
        attributes["instance_metadata_defaults"]["http_tokens_enforced"] = _assign("enabled")
    if vpc_block is not None:
        if vpc_block not in get_args(VpcBlock):
            raise Refusal("vpc-block", f"vpc_block must be {' or '.join(get_args(VpcBlock))}, got {shown(vpc_block)}")
        attributes["vpc_block_public_access"] = {
            "internet_gateway_block": {
                "exclusions_allowed": _assign("enabled" if vpc_exclusions else "disabled"),
                "mode": _assign(vpc_block),
            }
        }
    elif vpc_exclusions:
        raise Refusal("vpc-exclusions-of-nothing", "vpc_exclusions must come with a vpc_block", "leave it out")
    if image_providers:
        _check_image_providers(image_providers)
        attributes["allowed_images_settings"] = {
            "image_criteria": {"criteria_1": {"allowed_image_providers": _assign(sorted(image_providers))}},
            "state": _assign("audit_mode" if only_report_images else "enabled"),
        }
    elif only_report_images:
        raise Refusal("images-of-nobody", "only_report_images must come with image_providers", "leave it out")
    if message is not None:
        check_text("message", message, maximum=1024)
        attributes["exception_message"] = _assign(message)
    return {"ec2_attributes": attributes}


def s3_defaults() -> Content:
    """Return an S3 policy: every bucket of every account blocks public access, whatever it and its account say.

    All four settings of Block Public Access are on, for what is there too. What breaks: websites and downloads straight
    from a bucket; serve them by CloudFront with origin access control.

    Limits: access that is not public stays, such as that of another account that a bucket's policy names:
    `keep_data_in_organization`. Presigned URLs work.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_s3_syntax.html
    """
    return {"s3_attributes": {"public_access_block_configuration": _assign("all")}}


def ai_services_opt_out() -> Content:
    """Return an AI services opt-out policy: AWS neither keeps nor uses the content of accounts to improve its services.

    It is for every AI service that AWS has and will have, and no policy below it opts in again. What AWS stored of it
    before is deleted. What breaks: nothing that AWS says of.

    Limits: services that are not AWS's, such as models of others, have their own terms. It reaches the management
    account where it is attached to that or to the root.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html and
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out.html
    """
    nobody = {"@@operators_allowed_for_child_policies": ["@@none"]}
    return {"services": {**nobody, "default": {**nobody, "opt_out_policy": {**nobody, **_assign("optOut")}}}}


def _check_image_providers(providers: Sequence[str]) -> None:
    check_sequence("image_providers", providers, str, "an account id or an alias")
    check_unique("image_providers", providers, what="provider")
    if len(providers) > _PROVIDERS_MAX:
        raise Refusal(
            "image-providers-too-many", f"image_providers must be at most {_PROVIDERS_MAX}, got {len(providers)}"
        )
    for index, provider in enumerate(providers):
        if not is_token(provider):
            check_text(
                f"image_providers[{index}]",
                provider,
                maximum=64,
                pattern=rf"{limits.ACCOUNT_ID}|{'|'.join(_IMAGE_PROVIDERS)}",
                rule=f"twelve digits or one of {', '.join(_IMAGE_PROVIDERS)}",
            )


def _assign(value: str | Sequence[str]) -> dict[str, Any]:
    return {"@@assign": value}
