"""One function per verb: read, ask the rule, write, journal. The caller commits."""
