"""A layered layout of boxes and links, from left to right, made for graphs of some hundred boxes.

The method is Sugiyama's: cycles are broken, boxes get layers, long links are split, crossings are reduced by
barycentres, and heights are fitted by isotonic regression. Of libraries for it, `grandalf` is under the GPL or EPL and
no longer kept, `fast-sugiyama` is compiled, and Graphviz is a system package.
"""
