"""What CDK makes beside ours: every other resource type that moto has a CloudFormation model of."""

import inspect
import secrets
import string
from functools import cache

from moto.cloudformation.parsing import generate_resource_name, get_model_map
from moto.core.common_models import CloudFormationModel
from moto.s3.models import s3_backends

from org_constructs.rehearsal.local_aws.values import Value

from .base import Handler, Model, Place, Properties, ResourceFailure, service_errors


class MotoModel:
    """A resource type by moto's model of it."""

    def __init__(self, model: type[CloudFormationModel]) -> None:
        """Take moto's model."""
        self._model = model

    def create(self, place: Place, properties: Properties) -> Model:
        """Make the resource."""
        name = properties.get(self._model.cloudformation_name_type() or "", "") or _generated_name(place)
        made = self._call(
            place,
            self._model.create_from_cloudformation_json,
            name,
            {"Type": place.resource_type, "Properties": properties},
            place.account_id,
            place.region,
            LogicalId=place.logical_id,
            StackId=place.stack_id,
            ResourceType=place.resource_type,
        )
        return self._as_model(made, properties)

    def update(self, place: Place, model: Model, properties: Properties) -> Model:
        """Change the resource in place, if moto's model can."""
        if getattr(self._model.update_from_cloudformation_json, "__isabstractmethod__", False):
            raise ResourceFailure("NotUpdatable", f"the local AWS cannot update {place.resource_type} in place")
        changed = self._call(
            place,
            self._model.update_from_cloudformation_json,
            original_resource=model.attributes["moto"],
            new_resource_name=properties.get(self._model.cloudformation_name_type() or "", "") or model.physical_id,
            cloudformation_json={"Type": place.resource_type, "Properties": properties},
            account_id=place.account_id,
            region_name=place.region,
        )
        return self._as_model(changed, properties)

    def delete(self, place: Place, model: Model) -> None:
        """Unmake the resource."""
        made = model.attributes["moto"]
        delete = getattr(made, "delete", None)
        if delete and list(inspect.signature(delete).parameters)[:2] in (
            ["account_id", "region"],
            ["account_id", "region_name"],
        ):
            self._call(place, delete, place.account_id, place.region)
        elif not getattr(self._model.delete_from_cloudformation_json, "__isabstractmethod__", False):
            self._call(
                place,
                self._model.delete_from_cloudformation_json,
                model.physical_id,
                {"Type": place.resource_type, "Properties": model.properties},
                place.account_id,
                place.region,
            )
        else:
            raise ResourceFailure("InternalFailure", f"the local AWS cannot delete {place.resource_type}")

    @staticmethod
    def _call(place: Place, function: Value, *args: Value, **kwargs: Value) -> Value:
        with service_errors(place.resource_type.split("::")[1]):
            return function(*args, **kwargs)

    @staticmethod
    def _as_model(made: Value, properties: Properties) -> Model:
        return Model(properties, {"moto": made}, str(getattr(made, "physical_resource_id", None) or made.name))


class BucketPolicy:
    """AWS::S3::BucketPolicy, of the bootstrap's bucket; moto has no model of it.

    It is not put on moto's bucket: moto obeys a policy and ignores its conditions, so that CDK's "deny what is not
    encrypted on its way" would deny everything.
    """

    def create(self, place: Place, properties: Properties) -> Model:
        """Accept the policy of a bucket that exists."""
        with service_errors("S3"):
            s3_backends[place.account_id]["aws"].get_bucket(properties["Bucket"])
        return Model(properties, {}, properties["Bucket"])

    def update(self, place: Place, model: Model, properties: Properties) -> Model:  # noqa: ARG002 (a Handler)
        """Accept the bucket's new policy."""
        return self.create(place, properties)

    def delete(self, place: Place, model: Model) -> None:
        """Forget the policy."""


class Metadata:
    """AWS::CDK::Metadata, which says which constructs a template uses, and is nothing."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make nothing."""
        return Model(properties, {}, f"{place.logical_id}-{secrets.token_hex(4)}")

    def update(self, place: Place, model: Model, properties: Properties) -> Model:  # noqa: ARG002 (a Handler)
        """Change nothing."""
        return Model(properties, {}, model.physical_id)

    def delete(self, place: Place, model: Model) -> None:
        """Unmake nothing."""


def _generated_name(place: Place) -> str:
    if place.resource_type == "AWS::S3::Bucket":
        return generate_resource_name(place.resource_type, place.stack_name, place.logical_id)
    # Like CloudFormation's, and short enough for IAM's 64 characters.
    suffix = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(12))
    return f"{place.stack_name[:24]}-{place.logical_id[:24]}-{suffix}"


@cache
def moto_handler(resource_type: str) -> Handler | None:
    """Return the handler of a type that moto has a model of, or None."""
    model = get_model_map().get(resource_type)
    return None if model is None else MotoModel(model)
