# Written by "python -m nusantara.syncgen" from kaskus_async/__init__.py. Do not edit.
"""Synchronous twins of the modules of :mod:`kaskus_async`."""
