"""Micro-experiments, one file each: vectorised over lanes, run on a grid of magnesium, kept as response curves."""
