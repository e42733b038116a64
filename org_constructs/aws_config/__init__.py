"""`~/.aws/config` from a deployed organization: one session, and one profile per account and permission set."""
