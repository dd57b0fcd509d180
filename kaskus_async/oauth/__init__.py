"""What signing in is made of: the user's way through the browser, and how KASKUS hands out tokens."""
