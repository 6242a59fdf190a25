"""Workbooks changed in place: what is not to be changed comes back byte for byte.

package      the zip: its parts, relations and content types
markup       XML as text, so that what is not understood is kept as it is
formulas     references in formulas when rows are put in or a formula is copied
styles       cell styles derived from the cell's own
rows         rows and cells
sheet_part   one sheet, and rows put in between others
shifting     what a sheet says of its cells, when rows are put in
comments     the notes at cells
marking      wrong cells coloured, a status and a reason behind each row
filling      a form with lists of values: blank rows first, then more in the same style
days         how a form wants its days written
child        the process that does it, within the limits of the one that reads
process      its parent
rebuilding   a new workbook of what was read of one in another format
returned     the door for an upload that goes back to its clerk
forms        the door for an empty form that goes back filled
"""
