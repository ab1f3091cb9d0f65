"""What stands behind the figures of a report: who reported, how good it is, what each one means."""
