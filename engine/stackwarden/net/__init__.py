"""Networks: address ranges, ports and security groups."""
