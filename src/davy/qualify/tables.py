"""Which tables there are, the type of their rows, and what their sources have to carry."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from davy.tables import Row

Carries = Literal["default", "limit", "benefit", "shown", "nothing"]
"""What the rows of a table do. ``shown``: nothing rests on them, but nothing refuted may stand behind them;
``nothing``: they report what was said, right or wrong."""


@dataclass(frozen=True)
class Table:
    """A table below `knowledge/`: where the type of its rows lives, and what the rows carry."""

    file: str
    home: str
    carries: Carries

    def row_type(self) -> type[Row]:
        """Import the type of one row."""
        module, name = self.home.split(":")
        return getattr(import_module(module), name)


TABLES = (
    Table("sources.csv", "davy.evidence.rows:Source", "nothing"),
    Table("facts.csv", "davy.evidence.rows:Fact", "nothing"),
    Table("claims.csv", "davy.evidence.rows:Claim", "nothing"),
    Table("studies.csv", "davy.evidence.rows:Study", "nothing"),
    Table("forms.csv", "davy.people.vocabulary:FormRow", "default"),
    Table("products.csv", "davy.people.vocabulary:ProductRow", "shown"),
    Table("foods.csv", "davy.evidence.composition:FoodRow", "default"),
    Table("food_groups.csv", "davy.evidence.composition:FoodGroupRow", "default"),
    Table("claim_checks.csv", "davy.evidence.checks:ClaimCheckRow", "nothing"),
    Table("article_consistency.csv", "davy.evidence.consistency:RepeatedRow", "nothing"),
    Table("source_oddities.csv", "davy.evidence.oddities:OddityRow", "nothing"),
    Table("consequences.csv", "davy.evidence.consequences:ConsequenceRow", "nothing"),
    Table("proteins.csv", "davy.evidence.proteins:ProteinRow", "nothing"),
    Table("benefits.csv", "davy.evidence.appraisal.rows:BenefitQuestion", "benefit"),
    Table("analyses.csv", "davy.evidence.appraisal.rows:AnalysisRow", "nothing"),
    Table("populations.csv", "davy.evidence.appraisal.rows:PopulationRow", "nothing"),
    Table("grade.csv", "davy.evidence.appraisal.rows:GradeRow", "nothing"),
    Table("risk_of_bias.csv", "davy.evidence.appraisal.rows:RiskOfBiasRow", "nothing"),
    Table("computed/benefits.csv", "davy.evidence.effects:BenefitRow", "benefit"),
    Table("conditions.csv", "davy.people.vocabulary:TermRow", "nothing"),
    Table("symptoms.csv", "davy.people.vocabulary:TermRow", "nothing"),
    Table("medicines.csv", "davy.people.vocabulary:MedicineClassRow", "nothing"),
    Table("labs.csv", "davy.people.vocabulary:LabTestRow", "shown"),
    Table("diet_methods.csv", "davy.people.intake:DietMethodRow", "default"),
    Table("dietary_reference.csv", "davy.people.need:DietaryReferenceRow", "default"),
    Table("population_recipes.csv", "davy.people.recipe:RecipeRow", "default"),
    Table("population_quantiles.csv", "davy.people.recipe:QuantileRow", "default"),
    Table("population_shares.csv", "davy.people.recipe:ShareRow", "default"),
    Table("population_marginals.csv", "davy.qualify.marginals:MarginalRow", "shown"),
    Table("limits.csv", "davy.safety.limits:LimitRow", "limit"),
    Table("condition_rules.csv", "davy.safety.limits:ConditionRow", "limit"),
    Table("symptom_rules.csv", "davy.safety.limits:SymptomRow", "limit"),
    Table("interactions.csv", "davy.safety.limits:InteractionRow", "limit"),
    Table("covariates.csv", "davy.forecast.covariates:CovariateRow", "default"),
    Table("structures.csv", "davy.forecast.structures:StructureRow", "default"),
    Table("priors.csv", "davy.forecast.priors:PriorRow", "default"),
    Table("goals.csv", "davy.planning.goals:GoalRow", "shown"),
    Table("articles_protocol.csv", "davy.planning.articles:ProtocolRow", "nothing"),
    Table("monitoring.csv", "davy.planning.monitoring:MonitoringRow", "limit"),
    Table("stop_rules.csv", "davy.planning.monitoring:StopRow", "limit"),
    Table("followup_rules.csv", "davy.followup.visit_rules:FollowUpRow", "limit"),
    Table("followup_holds.csv", "davy.followup.adapt.holds:HoldRow", "limit"),
    Table("adapt_confounders.csv", "davy.followup.adapt.confounders:ConfounderRow", "limit"),
    Table("adapt_autonomy.csv", "davy.followup.adapt.autonomy:AutonomyRow", "limit"),
    Table("adapt_measures.csv", "davy.followup.adapt.days_needed:MeasureRow", "shown"),
    Table("adapt_cohort.csv", "davy.followup.adapt.virtual_person:CohortRow", "shown"),
    Table("disagreements.csv", "davy.planning.disagreements:DisagreementRow", "nothing"),
    Table("food_rules.csv", "davy.planning.food:FoodRule", "limit"),
    Table("decision_weights.csv", "davy.planning.decision:WeightRow", "limit"),
    Table("decision_losses.csv", "davy.qualify.decisions:LossRow", "shown"),
    Table("test_results.csv", "davy.planning.prospects:ResultRow", "default"),
    Table("stool_trials.csv", "davy.planning.stools:StoolTrialRow", "default"),
    Table("work_up.csv", "davy.inference.work_up:PatternRow", "limit"),
    Table("parameters/literature.csv", "davy.body.parameters:ParameterRow", "default"),
    Table("parameters/articles.csv", "davy.body.parameters:ParameterRow", "nothing"),
    Table("credibility.csv", "davy.qualify.dossier:CredibilityRow", "shown"),
    Table("predictive_checks.csv", "davy.qualify.predictive:CheckRow", "shown"),
    Table("known_misfits.csv", "davy.qualify.misfits:KnownMisfitRow", "shown"),
    Table("nof1_priors.csv", "davy.followup.n_of_1.priors:NumberRow", "default"),
    Table("nof1_lags.csv", "davy.followup.n_of_1.priors:LagRow", "default"),
    Table("nof1_outcomes.csv", "davy.followup.n_of_1.outcomes:OutcomeRow", "default"),
    Table("nof1_checklists.csv", "davy.followup.n_of_1.checklist:ItemRow", "nothing"),
    Table("outside_changes.csv", "davy.followup.before_after:OutsideRow", "shown"),
    Table("pathways.csv", "davy.pathways.rows:PathwayRow", "shown"),
    Table("pathway_ports.csv", "davy.pathways.rows:PortRow", "shown"),
    Table("pathway_parameters.csv", "davy.pathways.rows:PathwayParameterRow", "default"),
    Table("pathway_anchors.csv", "davy.pathways.rows:AnchorRow", "shown"),
    Table("pathway_outcomes.csv", "davy.pathways.rows:OutcomeRow", "shown"),
    Table("wind_up_sets.csv", "davy.pathways.experiments.wind_up_sets:WindUpSet", "shown"),
    Table("pathway_feeds.csv", "davy.pathways.rows:FeedRow", "shown"),
    Table("pathway_people.csv", "davy.pathways.rows:PeopleRow", "shown"),
    Table("targets.csv", "davy.body.targets:TargetRow", "shown"),
    Table("record_kinds.csv", "davy.followup.records:KindRow", "shown"),
    Table("diary_columns.csv", "davy.exchange.diary.mapping:ColumnRow", "nothing"),
    Table("code_systems.csv", "davy.exchange.fhir.codes:SystemRow", "nothing"),
    Table("codes.csv", "davy.exchange.fhir.codes:CodeRow", "shown"),
    Table("ucum.csv", "davy.exchange.fhir.codes:UcumRow", "shown"),
    Table("apple_types.csv", "davy.exchange.apple_health.facts:TypeRow", "nothing"),
    Table("apple_values.csv", "davy.exchange.apple_health.facts:ValueRow", "nothing"),
    Table("device_fields.csv", "davy.exchange.device:FieldRow", "nothing"),
)
