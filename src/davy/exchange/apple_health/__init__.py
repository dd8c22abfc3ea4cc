"""Apple Health: `export.zip`, the folder it unpacks to, or `export.xml` alone."""
