"""What each coder makes of one set of Gaussians, in real files: `python -m daub.app.bench.coders IMAGE GAUSSIANS`.

The Gaussians are those of a short fit of our own, in the parametrisation of the method; nothing is trained for the
quantisers, so the rates are real and the pictures would be poor. Prints JSON.
"""

from __future__ import annotations

import json
import math
import sys
import time

from daub.codec import container, images
from daub.codec.entropy.coders import CODERS
from daub.codec.fit import FitSettings, fit
from daub.codec.parameters.attributes import attributes_of
from daub.codec.parameters.parametrisations import Cholesky, Covariance
from daub.codec.progress import drive
from daub.codec.rounding import QUANTISERS
from daub.render.devices import choose


def methods() -> dict[str, tuple]:
    """What the papers quantise, and how."""
    return {
        "gaussianimage": (Cholesky(), QUANTISERS["gaussianimage"].quantiser()),
        "gaussianimage++": (Covariance(), QUANTISERS["gaussianimage++"].quantiser()),
    }


def measure(image: str, count: int, steps: int = 60) -> dict:
    """Bits per Gaussian by method and coder, of the whole file; for bits-back what it saves of what it can."""
    pixels = images.load(image, images.WHITE).pixels
    height, width, _ = pixels.shape
    fitted = []
    drive(fit(pixels, FitSettings(count, steps), choose("cpu")[0]), lambda record: fitted.append(record.gaussians))
    result = {"image": image, "gaussians": count, "steps": steps}
    for method, (parametrisation, quantiser) in methods().items():
        raw = parametrisation.raw(attributes_of(fitted[-1]), (width, height))
        quantiser.begin(raw)
        bits, seconds = {}, {}  # by coder: of the whole file; to write and to read it
        for coder in CODERS:
            began = time.perf_counter()
            data = container.write_profiled(raw, width, height, parametrisation, quantiser, coder)
            written = time.perf_counter()
            container.read(data)
            seconds[coder.name] = round(written - began, 4), round(time.perf_counter() - written, 4)
            bits[coder.name] = 8 * len(data)
        order = math.lgamma(count + 1) / math.log(2) - math.log2(count)
        result[method] = {
            "bits_per_gaussian": {coder: round(total / count, 2) for coder, total in bits.items()},
            "side_bits": 8 * len(quantiser.side()),
            "saved_of_order": round((bits["static"] - bits["bits-back"]) / order, 4),
            "seconds_to_write_and_read": seconds,
        }
    return result


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2])), indent=2))
