# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/__init__.py. Do not edit.
"""Synchronous twins of the modules of :mod:`kaskus_async.fjb`."""
