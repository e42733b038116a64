"""A rehearsal: the real CDK CLI deploys an app to a local AWS, on loopback, that refuses what AWS refuses."""
