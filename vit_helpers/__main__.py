"""`python -m vit_helpers check`: is this machine ready for the series?"""

import argparse
import sys

from . import readiness
from .profiles import cost


def check():
    """Print what was found, what mends it and what the series costs; returns the exit status."""
    print("Looking at this machine; Shapes-100 is drawn where it is not there yet, then a model is")
    print("trained for some steps. That takes about 20 seconds.\n", flush=True)
    ready, speed = True, None
    for finding in readiness.examine():
        print(f"{finding.state:<10}{finding.what:<11}{finding.found}", flush=True)
        if finding.mend:
            print(f"{'':<10}{'mend:':<11}{finding.mend}", flush=True)
        ready = ready and finding.state != readiness.NOT_READY
        speed = finding.images_per_second or speed
    if speed:
        print(f"\n{'what the series costs here':<28}{'a model':>12}{'everything':>14}")
        for name, _, _, model, series in cost(speed):
            print(f"profile {name:<20}{model:>8.1f} min{series:>10.0f} min")
    print("\nThis machine is ready." if ready else "\nThis machine is not ready yet: see `mend`.")
    return 0 if ready else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m vit_helpers", description=__doc__)
    parser.add_argument("command", choices=["check"])
    parser.parse_args()
    sys.exit(check())
