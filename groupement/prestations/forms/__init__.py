"""What is typed: missions and their days, rates, SESAM."""
