"""`python -m bench [--rounds N] [--sizes N…]`: measures all of it and prints the tables. scripts/bench calls it."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from bench import site

if TYPE_CHECKING:  # at run time only the other process can import it
    from bench.pages import Sized

POSTGRESQL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Figures of this machine; nothing passes or fails."
    )
    parser.add_argument(
        "--rounds", type=int, default=11, help="how often each page is asked for; the median counts"
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 100, 10_000], help="registrations")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print_site(site.measure(Path(folder) / "site"))
        for name, address in databases(Path(folder)):
            print_rules(name, measured(address, Path(folder), "bench.rules", [asked.rounds]))
            print_pages(name, measured(address, Path(folder), "bench.measure", [asked.rounds, *asked.sizes]))


def databases(folder: Path) -> Iterable[tuple[str, str]]:
    yield "SQLite", f"sqlite:///{folder / 'bench.sqlite3'}"
    try:
        psycopg.connect(POSTGRESQL, connect_timeout=3).close()
    except psycopg.OperationalError:
        print("\nPostgreSQL: none answers; TEST_DATABASE_URL names one")
    else:
        yield "PostgreSQL", POSTGRESQL


def measured(address: str, folder: Path, what: str, numbers: list[int]) -> Any:
    """By another process, because Django takes its database from the environment."""
    variables = {
        **os.environ,
        "DATABASE_URL": address,
        "PORTAL_VAR": str(folder / "pages"),
        "PORTAL_CLOCK_FILE": str(folder / "clock.json"),
    }
    command = [sys.executable, "-m", what, *map(str, numbers)]
    done = subprocess.run(command, env=variables, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def print_site(found: site.Site) -> None:
    print("make run, SQLite")
    print(f"  first start, nothing prepared  {found.first_start:6.1f} s")
    print(f"  second start                   {found.second_start:6.1f} s")
    print("  at rest                           RSS     PSS")
    rows = [*found.memory.items(), ("together", tuple(map(sum, zip(*found.memory.values(), strict=True))))]
    for name, (whole, share) in rows:
        print(f"    {name:<26} {whole:7.0f} {share:7.0f} MB")


def print_rules(name: str, found: dict[str, Any]) -> None:
    count = found["rulebooks"]
    print(f"\n{name}: {count} rulebooks loaded from nothing in {found['load']:.1f} s")
    print(f"{'':<28}{'1 rulebook':>18}{f'{count} rulebooks':>18}")
    for row in found["all"]:
        cells = (found[which][row] for which in ("one", "all"))
        told = "".join(f"{cell['queries']:>8} {cell['seconds'] * 1000:>6.1f} ms" for cell in cells)
        print(f"  {row:<26}{told}")


def print_pages(name: str, found: "list[Sized]") -> None:
    print(f"\n{name}: queries, median time, times the empty view")
    print(" " * 24 + "".join(f"{sized['size']:>14,} registered" for sized in found))
    for row in found[0]["figures"]:
        print(f"  {row:<22}", end="")
        for sized in found:
            figure = sized["figures"][row]
            print(
                f"{figure['queries']:>5} {figure['seconds'] * 1000:>8.1f} ms {figure['times']:>6.0f} ×",
                end="",
            )
        print()


if __name__ == "__main__":
    main()
