"""Is Shapes-100 the instrument that it should be? Prints what a linear model on its pixels reaches,

and how well the shipped model knows test images that were mirrored, turned, zoomed or put upside
down. What positions and attention are worth, family by family, is measured by notebook 07.
"""

from pathlib import Path

import vit_helpers  # isort: skip  (chooses the backend before Keras is imported)

import keras
import numpy as np

EPOCHS = 8

dataset = vit_helpers.load_dataset("shapes100")
keras.utils.set_random_seed(0)
linear = keras.Sequential(
    [keras.layers.Rescaling(1 / 127.5, -1), keras.layers.Flatten(), keras.layers.Dense(100)]
)
linear.compile(
    keras.optimizers.Adam(1e-3),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
linear.fit(dataset.x_train, dataset.y_train, batch_size=256, epochs=EPOCHS, verbose=0)
_, accuracy = linear.evaluate(dataset.x_test, dataset.y_test, verbose=0)
print(f"linear model on the pixels, {EPOCHS} epochs: {accuracy:.1%}")

model = vit_helpers.load_classifier(Path(vit_helpers.__file__).parent / "tiny-shapes100.keras")
x, y = dataset.x_test[:5000].astype("float32"), dataset.y_test[:5000]
changes = {
    "as they are": keras.layers.Identity(),
    "mirrored": lambda images, training: images[:, :, ::-1],
    "turned by 7 degrees": keras.layers.RandomRotation((0.02, 0.02), fill_mode="nearest"),
    "turned by -7 degrees": keras.layers.RandomRotation((-0.02, -0.02), fill_mode="nearest"),
    "zoomed out by 20 %": keras.layers.RandomZoom((0.2, 0.2), fill_mode="nearest"),
    "zoomed in by 20 %": keras.layers.RandomZoom((-0.2, -0.2), fill_mode="nearest"),
    "upside down": lambda images, training: images[:, ::-1],
}
for name, change in changes.items():
    logits = model.predict(np.asarray(change(x, training=True)), batch_size=250, verbose=0)
    print(f"shipped model on 5,000 test images, {name}: {(logits.argmax(-1) == y).mean():.1%}")
