"""What people type about deliveries."""
