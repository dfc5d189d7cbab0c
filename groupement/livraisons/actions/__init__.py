"""One function per verb on deliveries, one module per noun."""
