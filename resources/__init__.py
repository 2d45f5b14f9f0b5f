"""Files the program reads at run time: shaders, icons and a sample photo."""

from pathlib import Path

ROOT = Path(__file__).parent
