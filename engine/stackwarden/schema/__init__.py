"""CloudFormation's resource schemas, as cfn-lint ships them."""
