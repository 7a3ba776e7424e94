"""`python -m vit_check`: print what was found, what mends it and what the series costs here."""

import argparse
import sys

from . import readiness
from .cost import cost


def main():
    """Print the findings; returns the exit status, 1 where the machine is not ready."""
    print("Looking at this machine; Shapes-100 is drawn where it is not there yet, then a model is")
    print("trained for some steps. That takes about 20 seconds.\n", flush=True)
    ready, report = True, None
    for finding in readiness.examine():
        print(f"{finding.state:<10}{finding.what:<11}{finding.found}", flush=True)
        if finding.mend:
            print(f"{'':<10}{'mend:':<11}{finding.mend}", flush=True)
        ready = ready and finding.state != readiness.NOT_READY
        report = finding.report or report
    if report:
        print(f"\n{'what the series costs here':<28}{'a model':>12}{'everything':>14}")
        for name, _, model, series in cost(report):
            print(f"profile {name:<20}{model:>8.1f} min{series:>10.0f} min")
    print("\nThis machine is ready." if ready else "\nThis machine is not ready yet: see `mend`.")
    return 0 if ready else 1


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m vit_check", description=__doc__).parse_args()
    sys.exit(main())
