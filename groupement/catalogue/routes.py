"""x"""
BLUEPRINTS = ()
