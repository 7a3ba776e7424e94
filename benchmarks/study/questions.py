"""The questions of the study and their rows: one change at a time from the default."""

from vit_helpers import ViTConfig

from .settings import Setting

BASE = Setting()
FEW = BASE.but(images=2_000)
SHORT = BASE.but(images=10_000, seen=20_000)
ALL = BASE.but(images=None, seen=90_000)
RATE, BATCH = BASE.recipe.learning_rate, BASE.recipe.batch_size
STEPS = {"probes": ("first steps",)}
ADAMW = {"optimizer": "adamw", "learning_rate": 3e-3}
HELPED = {"weight_decay": 0.5}


def _norms(blocks):
    here = SHORT.but(transformer_layers=blocks, probes=("arriving",))
    name = f"{blocks} blocks, "
    return {name + "norm before": here, name + "norm after": here.but(variant="post-norm")}


def _remedies(start):
    return {
        "mirrored": start,
        "no augmentation": start.but(augmentation="none"),
        "mirrored, shifted": start.but(augmentation="flip-shift"),
        "strong augmentation": start.but(augmentation="strong"),
        "mixup": start.but(mixing="mixup"),
        "CutMix": start.but(mixing="cutmix"),
        "dropout 0.1": start.but(dropout=0.1),
    }


def _batches():
    rows = {f"{BATCH}": SHORT}
    for size in (16, 32, 128, 512):
        if size != BATCH:
            by = size / BATCH
            for rule, factor in (("kept", 1), ("by the root", by**0.5), ("in proportion", by)):
                rows[f"{size}, rate {rule}"] = SHORT.but(
                    batch_size=size, learning_rate=RATE * factor
                )
    return rows


def _images():
    rows = {}
    for images in (500, 2_000, 10_000, None):
        start = BASE.but(images=images) if images else ALL
        name = f"{images:,} images, " if images else "all images, "
        rows[name + "ViT"] = start
        rows[name + "ViT, ten times the decay"] = start.but(**HELPED)
        rows[name + "ConvNet"] = start.but(variant="convnet")
    return rows


QUESTIONS = {
    "optimizer": {
        "Muon": BASE.but(**STEPS),
        "AdamW": BASE.but(**ADAMW, **STEPS),
        "AdamW, the rate of Muon": BASE.but(optimizer="adamw"),
        "Adam with L2": BASE.but(**ADAMW | {"optimizer": "adam-l2", "weight_decay": 5e-4}),
    },
    "warm-up and schedule": {
        "Muon, 0.1 of the steps": BASE.but(**STEPS),
        "Muon, none": BASE.but(warmup_ratio=0.0, **STEPS),
        "Muon, 0.1, then constant": BASE.but(schedule="constant"),
        "AdamW, 0.1 of the steps": BASE.but(**ADAMW, **STEPS),
        "AdamW, none": BASE.but(**ADAMW, warmup_ratio=0.0, **STEPS),
    },
    "weight decay": {
        "on everything": BASE,
        "on weights only": BASE.but(optimizer="muon, weights only"),
        "four times as much": BASE.but(weight_decay=0.2),
        "none": BASE.but(weight_decay=0.0),
    },
    "norm and residuals": {
        **_norms(4), **_norms(8), **_norms(12),
        "4 blocks, no residuals": SHORT.but(variant="no residuals", probes=("arriving",)),
    },
    "label smoothing": {
        "0.1": BASE.but(probes=("calibration",)),
        "0": BASE.but(label_smoothing=0.0, probes=("calibration",)),
    },
    "pooling": {
        "mean": BASE, "class token": BASE.but(pool="token"), "flatten": BASE.but(pool="flatten"),
    },
    "positions": {
        "sin-cos": BASE, "learned": BASE.but(position="learned"),
        "none": BASE.but(position="none"),
    },
    "heads": {
        "4 heads of 16": BASE, "1 head of 64": BASE.but(num_heads=1),
        "2 heads of 32": BASE.but(num_heads=2), "8 heads of 8": BASE.but(num_heads=8),
        "4 heads of 64": BASE.but(key_dim=64),
    },
    "twice the time": {
        "once the time": BASE,
        "twice the epochs": BASE.but(seen=80_000),
        "twice the blocks": BASE.but(transformer_layers=8),
        "width 104": BASE.but(projection_dim=104),
        "patches of 2, a third of the images": BASE.but(patch_size=2, images=13_000, seen=13_000),
    },
    "view of a patch": {"4 pixels": BASE, "8 pixels": BASE.but(margin=2)},
    "2,000 images": {
        **_remedies(FEW),
        "a smaller model": FEW.but(transformer_layers=2, projection_dim=32),
        "a third of the steps": FEW.but(seen=13_000),
        "four times the weight decay": FEW.but(weight_decay=0.2),
        "ten times the weight decay": FEW.but(weight_decay=0.5),
    },
    "20,000 images": _remedies(BASE),
    "batch size": _batches(),
    "number of images": _images(),
}  # fmt: skip

# What is repeated on photographs.
PHOTOGRAPHS = (
    "optimizer", "label smoothing", "twice the time", "view of a patch", "2,000 images",
    "number of images",
)  # fmt: skip

TINY = ViTConfig(patch_size=8, projection_dim=16, num_heads=2, transformer_layers=1)
SMOKE = {
    "smoke": {
        "first steps": Setting(images=200, seen=200, config=TINY, probes=("first steps",)),
        "calibration": Setting(images=200, seen=200, config=TINY, probes=("calibration",)),
        "mixup": Setting(images=200, seen=200, config=TINY).but(mixing="mixup"),
        "post-norm": Setting(
            images=200, seen=200, config=TINY, variant="post-norm", probes=("arriving",)
        ),
    }
}


def runs(questions, seeds):
    """[(setting, seed)] of all rows, the first seed of each first; no run twice."""
    once = {}
    for setting in (setting for rows in questions.values() for setting in rows.values()):
        probes = once.get(setting.key, setting).probes
        once[setting.key] = setting.but(probes=tuple(sorted({*probes, *setting.probes})))
    return [(setting, seed) for seed in range(seeds) for setting in once.values()]
