"""What is drawn from definitions and measures: shells, official tables, narrative, titles, contents, signature."""
