"""An organization as its templates describe it, for people to read: as text, as Markdown, as a page."""
