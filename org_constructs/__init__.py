"""An AWS organization with IAM Identity Center, as AWS CDK constructs and one stack."""
