"""The clipping report: what a campaign's coverage of some days was, as a page, a Word document and a PDF.

`figures` says what is told, `reading` reads it from the archive, `document` puts it into words, and `html`, `docx` and `pdf` write these.
"""
