"""Any workbook in, plain lists out. This room knows neither Django nor an app.

formats     what a file is, by its content
container   what must hold of a zip before it is unpacked
xlsx        what the value reader does not tell: merges, number formats, errors, hidden rows
delimited   comma, tab and semicolon separated text
child       the process that reads; everything above happens there, within limits
reading     the door: bytes in, ``Workbook`` out
layout      titles, headings, records, and the lines that are neither
columns     which column of a kind of sheet is which field
cells       one reader for each kind of value
writing     lists out
"""
