"""Meta-analysis: studies in, a pooled effect out; after metafor's conventions, each named in the answer."""
