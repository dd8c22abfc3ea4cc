"""From studies to what a plan may say of benefit: analyses, certainty, sentences, and the stamp on all three."""
