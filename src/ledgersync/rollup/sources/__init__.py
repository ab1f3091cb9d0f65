"""Where rows come from: primaries, the parts kept of them, journals for earlier days."""
