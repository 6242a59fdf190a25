"""Any workbook in, plain lists out. This room knows neither Django nor an app.

formats     what a file is, by its content
container   what must hold of a zip before it is unpacked
xlsx        the parts of an .xlsx: its sheets and styles
sheet_walk  what the value reader does not tell: merges, number formats, errors, hidden rows
biff, xlsb, open_document: likewise of .xls, .xlsb and .ods
html_tables, spreadsheet_xml: web pages and XML of Excel 2003, often under the name .xls
delimited   comma, tab and semicolon separated text
limits      how large a table may be
child       the process that reads; everything above happens there, within limits
reading     the door: bytes in, ``Workbook`` out
layout      titles, headings, records, and the lines that are neither
columns     which column of a kind of sheet is which field
cells       one reader for each kind of value
writing     lists out
"""
