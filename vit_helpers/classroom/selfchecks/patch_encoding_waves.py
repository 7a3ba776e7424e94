"""Self-check of task 1 of notebook 04: positions in a line."""

import numpy as np

from .arithmetic import waves as _waves
from .compare import Case, compare, mistakes_of
from .verdict import check

# Numbers of the places, speeds of the hands, and what is written down of the angles (places,
# hands); each {what to say: what is done}.
PLACES = {
    "": lambda places: np.arange(places),
    "You count the places from 1. The first one has the number 0.": lambda places: (
        np.arange(places) + 1
    ),
    "Your places run from 0 to 1: their number is divided by how many there are.": (
        lambda places: np.arange(places) / places
    ),
    "Your places run from 0 to 1, the last one included. Each should have its number.": (
        lambda places: np.linspace(0, 1, places)
    ),
    "You count the places backwards.": lambda places: np.arange(places)[::-1],
    "A hand of speed 1 turns by 1 from place to place, and yours by a full circle, 2π. So it shows "
    "the same at all places.": lambda places: 2 * np.pi * np.arange(places),
    "A hand of speed 1 turns by 1 from place to place, and yours by half a circle, π.": (
        lambda places: np.pi * np.arange(places)
    ),
    "Your angles are in degrees, or made into radians once more: they are much too small.": (
        lambda places: np.deg2rad(np.arange(places))
    ),
}
SPEEDS = {
    "": lambda hands: 10_000.0 ** -(np.arange(hands) / hands),
    "All your hands turn at speed 1, so they show the same.": np.ones,
    "Your fastest hand comes last. It should be the first.": (
        lambda hands: 10_000.0 ** -(np.arange(hands)[::-1] / hands)
    ),
    "Your hands get faster from one to the next; they should get slower.": (
        lambda hands: 10_000.0 ** (np.arange(hands) / hands)
    ),
    "Your hands slow down too little: the exponent grows half as fast as it should. How many hands "
    "are there?": lambda hands: 10_000.0 ** -(np.arange(hands) / hands / 2),
    "Your hands slow down too much: the exponent grows twice as fast as it should. How many hands "
    "are there?": lambda hands: 10_000.0 ** -(np.arange(hands) / hands * 2),
    "Your slowest hand is a bit too slow: the exponents should stop one step before 1.": (
        lambda hands: 10_000.0 ** -np.linspace(0, 1, hands)
    ),
    "You count the hands from 1, so your fastest hand has not the speed 1.": (
        lambda hands: 10_000.0 ** -((np.arange(hands) + 1) / hands)
    ),
    "Your exponents are whole numbers: the division by the number of hands is missing.": (
        lambda hands: 10_000.0 ** -np.arange(hands)
    ),
    "You take the power first, and then divide by the number of hands. The division belongs into "
    "the exponent.": lambda hands: 10_000.0 ** -np.arange(hands) / hands,
    "10,000 is multiplied where it should have an exponent.": (
        lambda hands: 1 / np.maximum(1, 10_000 * np.arange(hands) / hands)
    ),
    "Your speeds go down along a line: there is no power in them.": (
        lambda hands: 1 - np.arange(hands) / hands
    ),
    "Your speeds are powers of e, not of 10,000.": lambda hands: np.exp(-np.arange(hands) / hands),
    "Your speeds are powers of 1,000, not of 10,000.": (
        lambda hands: 1000.0 ** -(np.arange(hands) / hands)
    ),
    "Your speeds are powers of 100,000, not of 10,000.": (
        lambda hands: 100_000.0 ** -(np.arange(hands) / hands)
    ),
    "Your hands get the speeds of whole numbers, 0, 1, 2 and so on.": np.arange,
}
LAYOUTS = {
    "": lambda a: np.concatenate([np.sin(a), np.cos(a)], axis=1),
    "The cosines come first. The sines should.": (
        lambda a: np.concatenate([np.cos(a), np.sin(a)], axis=1)
    ),
    "Sines and cosines take turns. Here all sines come before all cosines.": (
        lambda a: np.stack([np.sin(a), np.cos(a)], axis=-1).reshape(len(a), -1)
    ),
    "Cosines and sines take turns. Here all sines come before all cosines.": (
        lambda a: np.stack([np.cos(a), np.sin(a)], axis=-1).reshape(len(a), -1)
    ),
    "You have the sines only. A sine alone has the same value at several places.": np.sin,
    "You have the sines twice. A sine alone has the same value at several places.": (
        lambda a: np.concatenate([np.sin(a), np.sin(a)], axis=1)
    ),
    "You have the cosines only. A cosine alone has the same value at several places.": np.cos,
    "You have the cosines twice. A cosine alone has the same value at several places.": (
        lambda a: np.concatenate([np.cos(a), np.cos(a)], axis=1)
    ),
    "You add sines and cosines. They should stand side by side.": lambda a: np.sin(a) + np.cos(a),
    "You multiply sines and cosines. They should stand side by side.": (
        lambda a: np.sin(a) * np.cos(a)
    ),
    "Your hands are shared out: some have a sine only, and others a cosine only.": lambda a: (
        np.concatenate([np.sin(a[:, : a.shape[1] // 2]), np.cos(a[:, a.shape[1] // 2 :])], axis=1)
    ),
    "Every other hand has a sine only, and the rest a cosine only.": (
        lambda a: np.where(np.arange(a.shape[1]) % 2, np.cos(a), np.sin(a))
    ),
    "Your sines lie above your cosines, as more places. They should stand side by side, as more "
    "values of the same places.": lambda a: np.concatenate([np.sin(a), np.cos(a)]),
    "Your sines and cosines lie in an axis of their own. They should stand side by side.": (
        lambda a: np.stack([np.sin(a), np.cos(a)])
    ),
    "Each hand has a pair of its own, sine and cosine. All sines should come first, in one row.": (
        lambda a: np.stack([np.sin(a), np.cos(a)], axis=-1)
    ),
    "These are the angles of the hands; a wave is their sine or cosine.": lambda a: a,
    "These are the angles of the hands, twice; a wave is their sine or cosine.": (
        lambda a: np.concatenate([a, a], axis=1)
    ),
    "Rows and columns of your table are swapped: each place should be a row.": (
        lambda a: np.concatenate([np.sin(a), np.cos(a)], axis=1).T
    ),
}


def _wave_mistakes(places, values):
    hands = values // 2
    place = np.arange(places)[:, None]
    whole = place * SPEEDS[""](values)
    return {
        "You have a sine at each of `values` speeds, and no cosines. A sine alone has the same "
        "value at several places.": np.sin(whole),
        "There are `values` sines and as many cosines: twice as many numbers as there should be.": (
            LAYOUTS[""](whole)
        ),
        "Your sines have other speeds than your cosines: there are as many hands as values, and "
        "half of them have a sine, the others a cosine.": np.concatenate(
            [np.sin(whole[:, :hands]), np.cos(whole[:, hands:])], axis=1
        ),
        "Each hand has its own speed, but every other one has a sine, and the rest a cosine.": (
            np.where(np.arange(values) % 2, np.cos(whole), np.sin(whole))
        ),
        "This is one place. There should be a row for each.": _waves([places - 1], values)[0],
        "Your exponents are divided by the number of places. They go by the hands.": LAYOUTS[""](
            place / 10_000 ** (np.arange(hands) / places)
        ),
        "The power is missing: you multiply by what should be the exponent.": LAYOUTS[""](
            place / 10_000 * (np.arange(hands) / hands)
        ),
        "You add the speed to the number of the place. A hand turns by its speed each time.": (
            LAYOUTS[""](place + SPEEDS[""](hands))
        ),
        **mistakes_of(
            lambda places_of, speeds, layout: layout(places_of(places)[:, None] * speeds(hands)),
            PLACES, SPEEDS, LAYOUTS,
        ),
    }  # fmt: skip


@check
def waves(function):
    """Task 1: sine-cosine positions (places, values) along one direction."""
    cases = [
        Case(given, _waves(np.arange(given[0]), given[1]), lambda g=given: _wave_mistakes(*g))
        for given in ((5, 8), (9, 12))
    ]
    compare(function, cases, "(places, values)")
    return "A clock for each place, and no two of them show the same."
