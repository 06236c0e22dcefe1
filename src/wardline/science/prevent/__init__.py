"""PREVENT, the American Heart Association's equations for cardiovascular risk: coefficients and the sum over them."""
