"""What synthesized templates say, read without the CDK and without AWS."""
