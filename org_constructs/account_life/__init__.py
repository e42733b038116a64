"""What no deploy does to accounts that exist, and must not be done by mistake: another e-mail address, and closing."""
