"""The constructs, each of which wraps one L1 resource of Organizations, Identity Center or the Identity Store."""
