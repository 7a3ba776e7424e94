"""Train what the series recommends for 5, 20 or 60 minutes and print its accuracy, as JSON.

python -m benchmarks.accuracy FOLDER MINUTES [--one-step]
"""

import json
import sys
import time
from dataclasses import replace

from vit_helpers import BUDGETS, create_vit_classifier, load_dataset, run_experiment


def main(folder, minutes, one_step=False):
    started = time.perf_counter()
    budget = BUDGETS[minutes]
    dataset = load_dataset(folder)
    epochs, recipe = budget.epochs, budget.recipe
    if one_step:
        dataset, epochs, recipe = dataset.take(20, 20), 1, replace(recipe, batch_size=8)
    model = create_vit_classifier(budget.config.fit_to(dataset))
    result = run_experiment(model, dataset, recipe=recipe, epochs=epochs)
    return {
        "minutes": (time.perf_counter() - started) / 60,
        "epochs": epochs,
        "test_accuracy": result.test_accuracy,
        "validation_accuracy": max(result.history["val_accuracy"]),
        "parameters": model.count_params(),
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), "--one-step" in sys.argv)))
