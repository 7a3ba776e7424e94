"""Save the model that notebook 00 shows, with the oldest Keras: newer ones read it too."""

import vit_helpers
from vit_helpers.model.pretrained import SHIPPED

model = vit_helpers.create_vit_classifier(vit_helpers.CONFIGS["tiny"])
model.load_weights("build/tiny-shapes100.weights.h5")
part = SHIPPED.with_name(f"part-{SHIPPED.name}")
model.save(part)
part.replace(SHIPPED)
print(f"{SHIPPED.name}: {SHIPPED.stat().st_size / 1e6:.2f} MB")
