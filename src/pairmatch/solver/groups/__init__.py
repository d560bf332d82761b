"""Goals and quotas over groups: flows at prices on groups, and programmes on what these leave open."""
