"""What KASKUS answers, where its shape is known, one module per group of operations."""
