"""What lies with people: issued copies, returned workbooks, their refreshing and rescue.

Which records a person sees is `staff/scope.py`; what people hand in is `intake/`.
"""
