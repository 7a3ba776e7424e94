"""Train the small model that notebook 00 shows; its weights go to build/."""

from pathlib import Path

import vit_helpers

EPOCHS = 12
RECIPE = vit_helpers.Recipe(optimizer="adamw", learning_rate=3e-3)

dataset = vit_helpers.load_dataset("shapes100")
model = vit_helpers.create_vit_classifier(vit_helpers.CONFIGS["tiny"].fit_to(dataset))
result = vit_helpers.run_experiment(model, dataset, recipe=RECIPE, epochs=EPOCHS)
path = Path("build/tiny-shapes100.weights.h5")
path.parent.mkdir(exist_ok=True)
model.save_weights(path)
print(
    f"test accuracy {result.test_accuracy:.1%}, "
    f"{EPOCHS} epochs in {result.seconds / 60:.1f} minutes"
)
