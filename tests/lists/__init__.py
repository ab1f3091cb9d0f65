"""Sixty lists as offices keep them: layouts of public blank forms, people made up.

Every other one is held out: it was not looked at while the program was built.
"""
