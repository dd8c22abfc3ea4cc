"""``python -m davy``."""

from __future__ import annotations

import sys

from davy.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
