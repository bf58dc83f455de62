"""The meaning of IAM policies."""
