"""Coverage-guided fuzzing of the importers, by atheris; run by ``just fuzz`` and ``just night``."""
