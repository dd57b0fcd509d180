"""How a call proves who is asking, and how a user signs in."""
