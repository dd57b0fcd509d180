"""The way of a call: its attempts, what may be tried again, and what that costs."""
