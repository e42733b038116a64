"""The files of other tools that describe an organization, each read into what the app is written from."""
