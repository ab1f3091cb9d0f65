"""The use cases: create, issue, merge, decide, undo, verify. Each works on an open `Session`.

What a merge decides is in `merge/`, what is stored in `journal/`, what a workbook looks like in
`workbook/`. At the top stand the use cases of the whole workspace (`run`, `status`, `check`,
`create`) and what all rooms share (`session`, `lock`, `stamps`, `results`).
"""
