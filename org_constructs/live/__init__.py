"""The organization as AWS has it now, and AWS's errors in a sentence."""
