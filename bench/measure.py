"""`python -m bench.measure ROUNDS SIZE…`: measures on DATABASE_URL and tells what it found as JSON."""

import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    from bench.pages import measure  # its models can be imported only now

    rounds, *sizes = (int(word) for word in sys.argv[1:])
    json.dump(measure(sizes, rounds), sys.stdout)
