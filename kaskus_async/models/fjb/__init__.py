"""What the marketplace answers, one module per group of operations."""
