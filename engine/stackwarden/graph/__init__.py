"""How the resources of a template relate."""
