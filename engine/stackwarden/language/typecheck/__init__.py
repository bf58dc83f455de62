"""From syntax tree to typed rules: every name bound, every path checked against CloudFormation's schemas."""
