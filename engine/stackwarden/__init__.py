"""stackwarden: policy as code for AWS CloudFormation and SAM templates."""

__all__ = ["__version__"]

__version__ = "0.1.0"
