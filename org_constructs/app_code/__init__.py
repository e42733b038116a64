"""The code of an app: a new one, or one that describes what AWS has; its files are written all at once."""
