"""Save the model that notebook 00 shows, with the oldest Keras: newer ones read it too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import vit_helpers

model = vit_helpers.create_vit_classifier(vit_helpers.CONFIGS["tiny"])
model.load_weights("build/tiny-shapes100.weights.h5")
path = Path(vit_helpers.__file__).parent / "tiny-shapes100.keras"
part = path.with_name(f"part-{path.name}")
model.save(part)
part.replace(path)
print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")
