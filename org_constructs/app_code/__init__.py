"""The code of an app: the files of a new one, written all at once."""
