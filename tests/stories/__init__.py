"""The eighteen stories of the domain (8.4), told through the same services as the interfaces use."""
