"""What the series costs on a machine, from how fast it trains."""

MODELS = 2  # notebook 07 trains one, and three with a third of the epochs
OTHERS = 450_000  # everything else in the series takes as long as to train on so many images


def cost(report):
    """Rows (profile, images that a model trains on, minutes for it, minutes for the series).

    `report` is what `vit_helpers.speed_report` returns.
    """
    rows = []
    for name, images in report["profiles"].items():
        model, series = (
            count / report["images_per_second"] / 60 for count in (images, MODELS * images + OTHERS)
        )
        rows.append((name, images, model, series))
    return rows
