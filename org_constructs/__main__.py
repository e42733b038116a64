"""`python -m org_constructs`: the `org-baseline` command where no script is installed."""

from .commands import main

main(prog_name="org-baseline")
