"""What goes up and comes from below: packages, what was decided about them, deliveries."""
