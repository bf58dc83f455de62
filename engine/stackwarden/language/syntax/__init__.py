"""The parts of the parser that know nothing of Lark: cutting a file into pieces, building nodes, explaining errors."""
