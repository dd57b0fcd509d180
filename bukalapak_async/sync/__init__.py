# Written by "python -m nusantara.syncgen" from bukalapak_async/__init__.py. Do not edit.
"""Synchronous twins of the modules of :mod:`bukalapak_async`."""
