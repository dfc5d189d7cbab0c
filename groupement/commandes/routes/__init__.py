"""Pages of the members (basket, orders) and of the buyer (campagnes, regroupement, bons): one module per noun."""

BLUEPRINTS = ()
