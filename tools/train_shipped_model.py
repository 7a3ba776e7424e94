"""Train the small model that notebook 00 shows, and save it without the optimizer's memory."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import vit_helpers

EPOCHS = 12

dataset = vit_helpers.load_dataset("shapes100")
model = vit_helpers.create_vit_classifier(vit_helpers.CONFIGS["tiny"].fit_to(dataset))
result = vit_helpers.run_experiment(model, dataset, epochs=EPOCHS)
bare = vit_helpers.create_vit_classifier(vit_helpers.CONFIGS["tiny"].fit_to(dataset))
bare.set_weights(model.get_weights())
path = Path(vit_helpers.__file__).parent / "tiny-shapes100.keras"
bare.save(path)
print(
    f"{path.name}: {path.stat().st_size / 1e6:.2f} MB, test accuracy {result.test_accuracy:.1%}, "
    f"{EPOCHS} epochs in {result.seconds / 60:.1f} minutes"
)
