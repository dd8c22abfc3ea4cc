"""FHIR R4: laboratory values, measurements and medicines of one person, from bundles, single resources or NDJSON."""
