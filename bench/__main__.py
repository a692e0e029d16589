"""`python -m bench [PART…] [--rounds N] [--sizes N…]`: measures it and prints the tables. scripts/bench calls it."""

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


PARTS = ("site", "rules", "pages", "batches", "sweep", "notices")


def main() -> None:
    asked = _asked()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "site" in asked.parts:
            print_site(site.measure(folder / "site"))
        for database, address in databases(folder):
            if "rules" in asked.parts:
                print_rules(database, measured(address, folder, "rules", [asked.rounds]))
            if "pages" in asked.parts:
                print_pages(database, measured(address, folder, "pages", [asked.rounds, *asked.sizes]))
            if "batches" in asked.parts:
                print_batches(database, measured(address, folder, "batches", [1, *asked.cases]))
            if "sweep" in asked.parts and database == "PostgreSQL":
                print_sweep(measured(address, folder, "sweep", [asked.sweeps, *asked.due]))
            if "notices" in asked.parts and database == "SQLite":
                print_notices(measured(address, folder, "notices", [1, *asked.documents]))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Figures of this machine; nothing passes or fails."
    )
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; none named: all of them")
    parser.add_argument(
        "--rounds", type=int, default=11, help="how often each page is asked for; the median counts"
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 10_000, 100_000], help="registrations")
    parser.add_argument("--cases", type=int, nargs="+", default=[40, 500], help="cases in a batch")
    parser.add_argument(
        "--sweeps", type=int, default=1, help="how often each size is swept; the median counts"
    )
    parser.add_argument(
        "--due", type=int, nargs="+", default=[1000, 10_000, 50_000], help="publicities that end"
    )
    parser.add_argument("--documents", type=int, nargs="+", default=[1000], help="documents that are issued")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    asked.parts = asked.parts or PARTS
    return asked


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
        # As the worker has it, whose work the sweep is.
        "DATABASE_PREPARED": "true" if what == "sweep" else "false",
    }
    command = [sys.executable, "-m", "bench.measure", what, *map(str, numbers)]
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
    print(f"\n{name}: queries, median time, times the empty view (and times the least it could be)")
    print(" " * 24 + "".join(f"{sized['size']:>20,} registered" for sized in found))
    for row in found[0]["figures"]:
        print(f"  {row:<22}", end="")
        for sized in found:
            figure = sized["figures"][row]
            print(
                f"{figure['queries']:>5} {figure['seconds'] * 1000:>8.1f} ms {figure['times']:>5.0f} × ({figure['times_least']:.1f})",
                end="",
            )
        print()


def print_batches(name: str, found: list[dict[str, Any]]) -> None:
    print(f"\n{name}: a batch from gathering to publication, with its queries and its time on the processor")
    print(" " * 46 + "".join(f"{sized['size']:>18,} cases" for sized in found))
    for row in found[0]["costs"]:
        costs = [sized["costs"][row] for sized in found]
        told = "".join(
            f"{cost['queries']:>9,} {cost['processor']:>6.1f} s {cost['seconds']:>6.1f}" for cost in costs
        )
        print(f"  {row:<44}{told}")


def print_sweep(found: list[dict[str, Any]]) -> None:
    print("\nPostgreSQL: closing publicities that are all due, each with five changes to the list; ms a case")
    print(
        f"{'':>8} {'by the clock':^28} {'of the processors':^28} {'last to first tenth':^20} {'in sets':>8}"
    )
    print(
        f"{'due':>8} " + f"{'sweep':>9} {'bare':>8} {'times':>9} " * 2 + f"{'sweep':>10} {'bare':>9} {'':>8}"
    )
    for one in found:
        print(f"{one['size']:>8,} " + "".join(_against(one, what) for what in ("wall", "cpu")), end="")
        print(f"{one['growth']['sweep']:>8.2f} × {one['growth']['bare']:>7.2f} × {one['set']:>6.1f} s")
    words = found[0]["statements"]
    print("  statements a case: " + ", ".join(f"{count:.1f} {word}" for word, count in words.items()))
    print(f"  of them bare SQL sends {found[0]['writes']:.0f}")


def print_notices(found: list[dict[str, Any]]) -> None:
    print(
        "\nSQLite: documents issued by one process, and WeasyPrint alone on the same HTML; memory after the first tenth"
    )
    print(
        f"{'documents':>10} {'pages':>6}"
        + "".join(f"{name:>12} {'memory':>8} {'at end':>7} {'most':>6}" for name in ("site", "bare"))
    )
    for one in found:
        print(f"{one['size']:>10,} {one['pages']:>6}", end="")
        for run in (one["site"], one["bare"]):
            rate = 60 * one["size"] / run["seconds"]
            print(
                f"{rate:>6.0f}/min  {run['early']:>7.0f} {run['late']:>7.0f} {run['most']:>4.0f} MB", end=""
            )
        clock, processor = (one["site"][what] / one["bare"][what] for what in ("seconds", "processor"))
        print(f"  {clock:>5.2f} × by the clock, {processor:.2f} × of the processor")


def _against(one: dict[str, Any], what: str) -> str:
    sweep, bare = one["sweep"][what], one["bare"][what]
    each = 1000 / one["closed"]
    return f"{sweep * each:>9.1f} {bare * each:>8.2f} {sweep / bare if bare else 0:>7.1f} × "


if __name__ == "__main__":
    main()
