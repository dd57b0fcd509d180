"""Async client for the KASKUS forum and marketplace."""
