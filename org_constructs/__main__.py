"""`python -m org_constructs`: the `org-baseline` command where no script is installed."""

from org_constructs.commands import main

main(prog_name="org-baseline")
