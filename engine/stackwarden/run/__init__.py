"""Running checks: one template, many templates, and the tests of policies."""
