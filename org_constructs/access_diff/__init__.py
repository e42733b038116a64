"""What changes for people from one state of an organization to another: `org-baseline access-diff`."""
