"""Pages of opinion reports: reading them, writing them, moving them along."""
