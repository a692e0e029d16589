"""`python -m bench.measure PART ROUNDS SIZE…`: measures on DATABASE_URL and tells what it found as JSON."""

import importlib
import json
import sys

import django

if __name__ == "__main__":
    django.setup()

    part, *numbers = sys.argv[1:]
    rounds, *sizes = map(int, numbers)
    # Its models can be imported only now.
    json.dump(importlib.import_module(f"bench.{part}").measure(sizes, rounds), sys.stdout)
