"""Pages, formulas and plots."""
