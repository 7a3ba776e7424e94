"""Self-checks of tasks 2 and 4 of notebook 02: honest changes, and what their order costs."""

from .compare import number
from .verdict import NotYet, check

CHANGES = ("mirror", "upside down", "half turn", "colours")
HONEST = {
    "places": {"mirror", "colours"},
    "bars": {"mirror", "upside down", "half turn", "colours"},
    "arrows": {"upside down", "colours"},
    "letters": {"colours"},
    "tomatoes": {"mirror", "upside down", "half turn"},
}
# Why a claim is false, and for those who see a false one where there is none.
FALSE = {
    ("places", "upside down"): "a mark at the top then stands at the bottom.",
    ("places", "half turn"): "a mark at the top does not stay there.",
    ("arrows", "mirror"): "whoever follows a mirrored arrow drives into the other street.",
    ("arrows", "half turn"): "where does the head of the arrow point afterwards?",
    ("letters", "mirror"): "a mirrored b is a letter, too.",
    ("letters", "upside down"): "hold a p over a calm lake, and read what you see in the water.",
    ("letters", "half turn"): "turn the page round, and read a d again.",
    ("tomatoes", "colours"): "what else than the colour says that a tomato is ripe?",
}
TRUE = {
    ("places", "mirror"): "the class `side` means either side, `corner` either corner.",
    ("places", "colours"): "no class of this family has a colour.",
    ("bars", "mirror"): "the class only asks how steep a bar is, not which way it leans.",
    ("bars", "upside down"): "a gentle bar leans the other way, and is as gentle as before.",
    ("bars", "half turn"): "turn a pencil that lies before you by half. Is it steeper now?",
    ("bars", "colours"): "a bar of another colour is as steep as before.",
    ("arrows", "upside down"): "rows change places. Does anything move from left to right?",
    ("arrows", "colours"): "an arrow of another colour points where it did.",
    ("letters", "colours"): "a blue b is a b.",
    ("tomatoes", "mirror"): "no side of a tomato is its left one.",
    ("tomatoes", "upside down"): "seen from above, a tomato on a belt has no upper end.",
    ("tomatoes", "half turn"): "a tomato on a belt lies as it likes.",
}


@check
def honest(answers):
    """Task 2: for each set of classes, the changes that leave every label true."""
    if not isinstance(answers, dict):
        raise NotYet(f"This check wants the dictionary, and got {type(answers).__name__}.")
    if missing := [name for name in HONEST if name not in answers]:
        raise NotYet(f"The dictionary has nothing for {', '.join(missing)} any more.")
    for name, right in HONEST.items():
        answer = answers[name]
        if answer is None or answer is ...:
            raise NotYet(f"`{name}`: write down the changes that leave every label true.")
        try:
            chosen = {answer} if isinstance(answer, str) else set(answer)
        except TypeError:
            raise NotYet(f"`{name}`: this should be a list of changes, not {answer!r}.") from None
        for change in sorted(chosen - set(CHANGES), key=str):
            raise NotYet(f"`{name}`: {change!r} is none of the changes {', '.join(CHANGES)}.")
        for change in CHANGES:
            if change in chosen - right:
                raise NotYet(f"`{name}`, {change}: a false claim: {FALSE[name, change]}")
            if change in right - chosen:
                raise NotYet(f"`{name}`, {change}: you are too strict: {TRUE[name, change]}")
    return "Each set of classes allows other changes. No list of augmentations is good for all."


@check
def price(pixels, times, saved):
    """Task 4: pixels of 24 x 40 enlarged by 4, how many times as many, seconds saved in all."""
    number(
        pixels, 15360,
        {
            "This is the small image. How large is it afterwards?": 960,
            "Only one side has grown. Both do.": 3840,
            "This counts each colour. A pixel has three, and is still one pixel.": 46080,
            "You added the sides. An area is their product.": 256,
        },
        "the number of pixels",
    )  # fmt: skip
    number(
        times, 16,
        {
            "This is one side. The image has rows *and* columns.": 4,
            "The colours do not multiply: there are three before and three after.": 48,
            "You added the two sides. How many small images cover a large one?": 8,
            "Each small pixel became a square of 4 × 4. How many of them are there?": 64,
        },
        "how many times as many pixels",
    )  # fmt: skip
    number(
        saved, 135,
        {
            "This is what augmentation takes if it comes last. How much of it is *saved*?": 144,
            "This is what it still takes if it comes first. How much is saved?": 9,
            "This is a single epoch. There are ten.": 13.5,
            "This is one epoch with augmentation first. What is saved, and in ten of them?": 0.9,
            "You took the small images to have a quarter of the pixels.": 108,
        },
        "the seconds saved",
    )  # fmt: skip
    return "Pixels grow with the square of the side. Do what you can while the images are small."
