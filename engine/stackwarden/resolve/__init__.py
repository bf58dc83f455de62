"""What a template's values can be: guards, values, conditions, intrinsic functions. Nothing here knows a service."""
