"""Every vendor and every operation, read off the clients."""
