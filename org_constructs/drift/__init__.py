"""What somebody changed by hand: what the stacks were deployed with against what AWS has, and how to make them agree.

CloudFormation's own drift detection looks at the properties of what a stack has. Here it is also looked for what no
stack has made: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""
