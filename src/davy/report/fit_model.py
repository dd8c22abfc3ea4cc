"""What a fit says of its own model: which structures it averages over, how it was computed, how far to trust it."""

from __future__ import annotations

from davy.report.documents import FitDocument, FitQuality
from davy.report.words import percent

_METHODS = {
    "prior": "no lab informs it: draws are those of people like this",
    "laplace": "bells about the most probable points",
    "resampled": "bells about the most probable points, corrected by weights",
    "tempered": "worked out from people like this by steps, since bells do not fit these labs",
}


def structure_rows(made: FitDocument) -> tuple[tuple[str, str, str], ...]:
    """Each structural alternative with its weight before and after the labs."""
    return tuple((one.label, percent(one.prior), percent(one.posterior)) for one in made.structures)


def quality_words(quality: FitQuality) -> str:
    """How the draws were obtained and what they are worth, in one sentence."""
    said = f"How it was computed: {_METHODS[quality.method]}"
    if quality.method == "prior":
        return f"{said}."
    k = "" if quality.pareto_k is None else f", Pareto k {quality.pareto_k:.2f} (above 0.70 is not trusted)"
    return f"{said}; worth {quality.effective_size:.0f} independent draws{k}."
