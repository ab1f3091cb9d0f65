"""What a submission looks like on its way: pure shapes, put together from what was read."""
