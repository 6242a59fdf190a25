"""Printed papers: a Typst template and data in, a PDF out; knows no app."""
