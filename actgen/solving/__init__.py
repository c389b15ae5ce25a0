"""Design by requirement: the parameter values for which an activation has the properties that are asked for."""
