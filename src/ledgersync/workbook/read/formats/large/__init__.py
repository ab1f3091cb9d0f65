"""Large .xlsx packages read column by column: many cells at once instead of one after another.

What is read here is what nearly all cells of a ledger are: shared texts and numbers, in rows that
say where they stand. How they are to be understood is asked of calamine, which reads a small
package with one cell of each kind; a file that is written in any other way is left to it whole.
"""
