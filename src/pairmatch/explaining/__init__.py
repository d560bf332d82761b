"""Pieces of explanations: what was found in a pair, who else would suit, what each rule took away."""
