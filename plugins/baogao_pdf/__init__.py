"""The PDF renderer: the DOCX of the same profile as LibreOffice prints it, compared with it block by block."""
