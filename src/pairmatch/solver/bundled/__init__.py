"""Hours, by bundles: prices on mentees, and against them each mentor's best set of pairs."""
