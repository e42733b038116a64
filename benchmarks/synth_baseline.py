"""The app that is measured: `python -m benchmarks.synth_baseline SHAPE`."""

import sys

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from org_constructs import OrgBaseline, OrgBaselineChecks

from .organizations import MANAGEMENT_ACCOUNT, REGION, Shape, baseline_arguments

app = cdk.App()
OrgBaseline(
    app,
    "OrgBaseline",
    env=cdk.Environment(account=MANAGEMENT_ACCOUNT, region=REGION),
    **baseline_arguments(Shape.from_words(sys.argv[1:])),
)
cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), OrgBaselineChecks(app))
app.synth()
