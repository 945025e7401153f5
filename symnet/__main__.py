"""``python -m symnet`` is ``symnet``."""

import sys

from .cli import main

sys.exit(main())
