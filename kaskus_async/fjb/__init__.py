"""The marketplace, Forum Jual Beli. Its groups of operations stand in :class:`kaskus_async.fjb.groups.Fjb`."""
