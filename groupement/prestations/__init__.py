"""Services billed beside supplies: the archivists' missions and the SESAM contributions."""
