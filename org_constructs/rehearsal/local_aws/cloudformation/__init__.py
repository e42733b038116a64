"""AWS CloudFormation, small and strict.

moto's engine is not used, only its models of single resources (IAM, S3, ...): it skips what it does not know, does not
honour DependsOn in updates and deletes, updates in no order, rolls nothing back, and replaces nothing. What is
rehearsed here is just that: order, refusal, replacement, rollback and what is retained. So this package has an engine
of its own behind moto's HTTP API, built like CloudFormation is: a graph of resources (template.py), a plan of changes
(plan.py), handlers with create, update and delete (resources/), and the published schemas as the contract (schema.py).
"""
