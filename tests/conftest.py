"""Reference paths are solved once for all tests, in a folder of their own."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("KLYNGELAB_CACHE", str(Path(tempfile.gettempdir()) / f"klyngelab-tests-{os.getuid()}"))
