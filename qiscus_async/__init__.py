"""Async client for Qiscus chat."""
