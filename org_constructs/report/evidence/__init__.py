"""What somebody signs after a review of who has access: the rows, the controls, and the page that binds them."""
