"""Upwards: keys, signed packages of figures, review, delivery, reminders."""
