"""The shared core of the KASKUS, Bukalapak and Qiscus clients. It knows no vendor.

Most programs import a vendor package (:mod:`kaskus_async`, :mod:`bukalapak_async`, :mod:`qiscus_async`) and, from here,
:mod:`nusantara.errors`.
"""

__version__ = "0.1.0"
