"""What follows when rows move: formulas, ranges, tables, filters, anchors of drawings.

Each works on its own piece of XML; which parts there are is known in `whole/`.
"""
