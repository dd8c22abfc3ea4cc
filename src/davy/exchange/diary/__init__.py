"""A plain diary: delimited text with a header, one line a day or an attack."""
