"""What the generated synchronous clients run on: an event loop in a thread of its own."""
