"""Ledgers, as people keep them in spreadsheets, into facts: every cell is understood or listed, nothing is half read.

mapping   which headers, words and units mean what (rules/sources/ledgers.yaml)
grid      sheets and CSV files as rows of cells
headers   the row of headers: what each column is
cells     a cell as a value of its field
naming    which building, which flat a row is about
rows      the rows of a sheet as claims
"""
