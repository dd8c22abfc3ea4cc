"""Decisions that were logged, made again by this version of Davy, and what differs: safer, the same, or riskier."""
