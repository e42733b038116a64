"""`org-baseline doctor`: what stands in the way of a deploy, looked at before it.

- finding.py: what a check found; check.py: what a check is; runner.py: which depends on which, and what it all means
- examination.py: what the checks look at, the assembly and AWS; errors.py: what AWS's refusals mean
- one subject a file: the checks themselves, each with what `--fix` does about its findings
- report.py: the findings as text and as JSON
"""
