"""Every sentence people see, in bokmål and English, and numbers the way each language writes them.

It knows nothing of where the words are shown.
"""

from sim.texts.numbers import duration, number, signed
from sim.texts.texts import LANGUAGES, keys, text

__all__ = ["LANGUAGES", "duration", "keys", "number", "signed", "text"]
