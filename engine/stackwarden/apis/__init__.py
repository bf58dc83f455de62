"""What the APIs of a template look like from outside."""
