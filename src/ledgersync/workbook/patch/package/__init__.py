"""The zip package of a workbook: its parts, copied byte for byte or written anew; styles.

What a single sheet holds is `sheet/`.
"""
