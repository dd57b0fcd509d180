"""The way of a call: its attempts, what is done when one fails, and what that costs. ``loop`` is what to read first."""
