"""What magnesium touches: every mechanism as a small, sourced, graded model that runs by itself."""
