"""`OrgBaseline`: the whole organization as one stack, or as several past CloudFormation's limit."""
