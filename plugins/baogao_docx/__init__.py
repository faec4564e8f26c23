"""The DOCX renderer: a shell and section templates that people edit in Word, filled with the printed texts."""
