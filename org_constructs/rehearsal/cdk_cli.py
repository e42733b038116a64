"""The CDK CLI that this project's assemblies are deployed with."""

from typing import Final

CDK_CLI_VERSION: Final = "2.1148.1"
"""Pinned: npm's newest aws-cdk (3.0.0) refuses the assembly schema of the aws-cdk-lib in requirements.txt."""
