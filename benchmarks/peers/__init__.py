"""The peers, one file per kind. Each imports its package when it is run, so that memory is its own."""
