"""Adapters to other tools: they translate, and hold no logic of their own."""
