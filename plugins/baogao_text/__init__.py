"""Rules for the words of any report: personal data, secrecy marks, lexicons, language."""
