"""Whether a fit's intervals hold what they promise: simulation-based calibration, coverage, contraction."""
