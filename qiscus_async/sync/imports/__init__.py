# Written by "python -m nusantara.syncgen" from qiscus_async/imports/__init__.py. Do not edit.
"""Synchronous twins of the modules of :mod:`qiscus_async.imports`."""
