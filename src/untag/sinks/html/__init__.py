"""The report as one HTML page that a lawyer can read, and what the PDF says as well."""
