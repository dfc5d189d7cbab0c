"""Pages of the deliveries, one module per noun."""

BLUEPRINTS = ()
