"""Five reports of comparisons of two recipes, all of them made up, for an exercise to judge."""

from IPython.display import Markdown

REPORTS = {
    "smoothing": """
There are 50,000 images for training and 10,000 for the test, and each run trains on all of the
50,000. Twelve smoothings from 0.02 to 0.5 were tried, each with the same three seeds. A is the one
that was best on images that it had not been trained on.

| | A | B |
| :--- | :--- | :--- |
| label smoothing | 0.14 | 0 |
| steps | 20,000 | 20,000 |
| test accuracy, seeds 0, 1, 2 | 72.1 %, 71.5 %, 71.9 % | 70.6 %, 70.5 %, 70.5 % |

*"Label smoothing is worth 1.3 points."*
""",
    "versions": """
An image is mirrored and moved at random whenever it is shown. An epoch of A shows three such
versions of each image, an epoch of B shows one. The learning rate is the same for both; it was
chosen on validation images. The test was asked once for each run.

| | A | B |
| :--- | :--- | :--- |
| versions of each image in an epoch | 3 | 1 |
| images in a batch | 64 | 64 |
| epochs | 10 | 10 |
| test accuracy, seeds 0, 1, 2 | 66.8 %, 67.5 %, 66.9 % | 63.5 %, 63.9 %, 63.6 % |

*"Several versions of an image in one epoch are worth 3.4 points."*
""",
    "decay": """
For each of the two, five learning rates were tried on validation images. The same rate was best for
both. The test was asked once for each run.

| | A | B |
| :--- | :--- | :--- |
| weight decay | 0.05 | 0 |
| augmentation | mirror | mirror |
| steps | 15,000 | 15,000 |
| test accuracy, seeds 0, 1, 2 | 69.5 %, 68.7 %, 69.6 % | 68.6 %, 68.9 %, 69.1 % |

*"A is 0.4 ± 0.3 points ahead (mean of the three differences, and its standard error). So we do not
know yet which of the two is better."*
""",
    "optimizer": """
A is the recipe that a colleague recommends, B the one that we have used so far. For each of the
two, five learning rates were tried on validation images, and the best was kept. The test was asked
once for each run.

| | A | B |
| :--- | :--- | :--- |
| optimizer | Muon | AdamW |
| weight decay | 0.05 | 0.05 |
| augmentation | mirror, shift | mirror |
| steps | 15,000 | 15,000 |
| test accuracy, seeds 0, 1, 2 | 71.0 %, 70.6 %, 71.1 % | 69.0 %, 68.5 %, 68.9 % |

*"Muon beats AdamW by 2.1 points."*
""",
    "warm-up": """
The two runs start from the same random weights and see the same images in the same order, so that
nothing but the warm-up can make a difference. The rest of the recipe was chosen on validation
images. The test was asked once for each run.

| | A | B |
| :--- | :--- | :--- |
| warm-up | 0.2 of the steps | 0.1 of the steps |
| steps | 15,000 | 15,000 |
| test images | 1,000 | 1,000 |
| test accuracy | 68.9 % | 68.3 % |

*"The longer warm-up is better, by 0.6 points."*
""",
}


def show_reports():
    """All reports as a cell output."""
    return Markdown("\n\n".join(f"**`{name}`**\n{text}" for name, text in REPORTS.items()))
