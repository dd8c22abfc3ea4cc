"""What a pathway makes of a claim: the audit asks the pathway and holds no copy of it."""

from __future__ import annotations

from davy.pathways.catalogue import pathway
from davy.pathways.lanes import Setting, outputs_at
from davy.pathways.rows import ParameterSet
from davy.units import mg_of_mmol


def nmda_unblocked(magnesium_mM: float, voltage_mV: float) -> float:
    """Share of NMDA receptors that magnesium leaves open (P02) [%]."""
    return 100.0 * _says("P02", "unblocked_fraction", mg_mM=magnesium_mM, v_mV=voltage_mV)


def nmda_block_lost(before_mM: float, after_mM: float, voltage_mV: float) -> float:
    """How much of the block goes when magnesium falls [% of the block before]."""
    before, after = (100.0 - nmda_unblocked(level, voltage_mV) for level in (before_mM, after_mM))
    return 100.0 * (1.0 - after / before)


def nmda_current_gain(before_mM: float, after_mM: float, voltage_mV: float) -> float:
    """How many times as much current passes when magnesium falls."""
    return nmda_unblocked(after_mM, voltage_mV) / nmda_unblocked(before_mM, voltage_mV)


def nmda_shift_mV(before_mM: float, after_mM: float) -> float:
    """The change of voltage that does as much as a change of magnesium [mV]."""
    before, after = (_says("P02", "half_block_mV", mg_mM=level) for level in (before_mM, after_mM))
    return before - after


def unblocked_by_voltage(magnesium_mM: float, voltage_mV: float, other_mV: float) -> float:
    """How many times as many NMDA receptors are open at the other voltage, at the same magnesium and transmitter."""
    return nmda_unblocked(magnesium_mM, other_mV) / nmda_unblocked(magnesium_mM, voltage_mV)


def trpm7_gain(before_mM: float, after_mM: float) -> float:
    """How many times as much TRPM7 passes when free magnesium of the neuron falls (P05)."""
    before, after = (_says("P05", "open_fraction", mg_neuron_free_mM=level) for level in (before_mM, after_mM))
    return after / before


def mgatp_share(magnesium_mM: float) -> float:
    """Share of ATP that holds magnesium in a cell (P01) [%]."""
    return 100.0 * _says("P01", "mgatp_fraction", mg_cell_free_mM=magnesium_mM)


def fall_of_mgatp(before_mM: float, after_mM: float) -> float:
    """How much less ATP holds magnesium when free magnesium falls [% of before]."""
    return 100.0 * (1.0 - mgatp_share(after_mM) / mgatp_share(before_mM))


def fall_of_synthase(before_mM: float, after_mM: float) -> float:
    """How much slower ATP synthase turns when free magnesium of the matrix falls (P06) [% of before]."""
    before, after = (_synthase(level) for level in (before_mM, after_mM))
    return 100.0 * (1.0 - after / before)


def synthase_share(magnesium_mM: float) -> float:
    """Rate of ATP synthase against that of health (P06) [%]."""
    return 100.0 * _synthase(magnesium_mM)


def slow_transport_d(distance_mm: float, as_stated: float = 0.0) -> float:
    """Days that slow transport takes along an axon (P06b); with the articles' own pace where `as_stated` is 1."""
    return _says("P06b", "slow_transit_days", _set(as_stated), axon_length_mm=distance_mm)


def days_to_regrow(distance_mm: float, diabetes: float = 0.0, as_stated: float = 0.0) -> float:
    """Days until a nerve has grown back so far (P17); with the articles' own pace where `as_stated` is 1."""
    at = {"distance_mm": distance_mm, "diabetes_fraction": diabetes}
    return _says("P17", "days_to_target", _set(as_stated), **at)


def serum_risk_fall(span_mM: float, as_stated: float = 0.0) -> float:
    """How much less often people fall ill whose serum is so much higher (P16) [%]; as the article reckons if asked."""
    return 100.0 * (1.0 - _says("P16", "span_risk", _set(as_stated), span_mM=span_mM))


def serum_risk_fall_between(low_mM: float, high_mM: float) -> float:
    """The same from one serum to another (P16) [%]."""
    return serum_risk_fall(high_mM - low_mM)


def diet_risk_fall(step_mg: float, as_stated: float = 0.0) -> float:
    """How much less ischaemic heart disease those have who eat so much more (P16b) [%]; as stated if asked."""
    return 100.0 * (1.0 - _says("P16b", "ihd_risk", _set(as_stated), mg_more_mg=step_mg))


def loose_share(unabsorbed_mmol: float) -> float:
    """Share of people with diarrhoea where so much dissolved magnesium is left in the bowel, of any salt (P18) [%]."""
    return 100.0 * _says("P18", "diarrhoea_probability", mg_lumen_mmol_per_d=unabsorbed_mmol)


def loose_share_of_dose(dose_mg: float) -> float:
    """The same on a dissolved dose in three intakes, by what the gut leaves of each (P18b, P18) [%]."""
    left = _says("P18b", "unabsorbed_mmol", mg_dose_mg=dose_mg / 3.0)
    return loose_share(3.0 * left)


def glycine_with(elemental_mg: float) -> float:
    """Glycine that so much magnesium as bisglycinate brings (P15a) [mg]."""
    return 1000.0 * _says("P15a", "glycine_g", mg_dose_mg=elemental_mg)


def urine_more_at_once(glucose_mM: float) -> float:
    """Magnesium that urine gains at once when glucose rises from that of health, before serum falls (P14c) [mg/d]."""
    usual, high = (_says("P14c", "urine_start_mmol_per_d", glucose_mM=level) for level in (6.0, glucose_mM))
    return mg_of_mmol(high - usual)


def urine_more_after_a_year(glucose_mM: float) -> float:
    """The same after a year of it (P14c) [mg/d]."""
    usual, high = (_says("P14c", "urine_mmol_per_d", glucose_mM=level) for level in (6.0, glucose_mM))
    return mg_of_mmol(high - usual)


def _synthase(magnesium_mM: float) -> float:
    return _says("P06", "flux_of_normal_fraction", mg_matrix_free_mM=magnesium_mM)


def _set(as_stated: float) -> ParameterSet:
    return "articles" if as_stated else "literature"


def _says(of: str, output: str, parameter_set: ParameterSet = "literature", **at: float) -> float:
    return float(outputs_at(pathway(of), Setting(parameter_set, draws=0), at)[output][0])
