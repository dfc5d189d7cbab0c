"""What is typed about an audit."""
