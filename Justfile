# The one menu for those who work here. Needs a virtual environment with requirements/check.txt and `pip install -e .`.

_default:
    @just --list

# What has to hold before anything lands, except the tests
check:
    ruff format --check .
    ruff check .
    basedpyright
    lint-imports
    codespell
    davy knowledge check

# The test suite (two processes)
test *ARGS:
    python -m pytest -q -n 2 {{ARGS}}

# The long proofs: 200,000 persons through the safety gates, every case of the clinical audit, every response curve and
# its convergence, every property with new random examples (the suite has the same ones each time), the whole corpus of
# decisions made again, and five minutes of fuzzing
night:
    python -m pytest -q -n 2 --hypothesis-profile=default -m "hypothesis and not night"
    python -m pytest -q tests/rooms/safety --persons 200000 -m night
    python -m pytest -q -n 2 tests/scenarios -m night
    python -m pytest -q tests/rooms/pathways -m night
    davy replay tests/replay/corpus.jsonl.xz
    python tests/fuzz/run.py --seconds 300

# Fuzzing of the importers, guided by coverage (needs `pip install atheris`)
fuzz *ARGS:
    python tests/fuzz/run.py {{ARGS}}

# Make the corpus of decisions anew, after a change of the rules was looked at difference by difference (minutes)
corpus:
    python -m tests.replay.make

# Mutation testing of the safety room; prints the score
mutate:
    python tests/mutation/run.py

# Set `requirements/` anew from pyproject.toml (no index address is recorded)
pin:
    pip-compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --no-header --allow-unsafe -o requirements/run.txt pyproject.toml
    pip-compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --no-header --allow-unsafe --extra test -o requirements/test.txt pyproject.toml
    pip-compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --no-header --allow-unsafe --extra test --extra check -o requirements/check.txt pyproject.toml

# Every benchmark against the peers, stored and shown in the README (needs libroadrunner, copasi-basico, scikit-sundae,
# diffrax, gcc; 20 minutes)
bench *ARGS:
    python -m benchmarks.run {{ARGS}}
