"""Templates as their authors wrote them: text, nodes with places, and the sections of a template."""
