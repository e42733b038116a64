"""Finding and running the CDK CLI, and apps through it, without a way to a real AWS account."""
