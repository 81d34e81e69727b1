"""Runs two models on the same noise and says how their outputs compare: ``python -m …numeric_child < request``.

The child's side of `numeric`. It is given a request in one line, and a second line when the new model is there; it
speaks once, in one line of JSON.
"""

from __future__ import annotations

import gc
import hashlib
import json
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from untag.readers.artifacts.documents import bounds
from untag.strip.base import StripError
from untag.strip.onnx import bound, lean, noise
from untag.strip.onnx.nouns import tensors
from untag.strip.onnx.wire import RAW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

onnxruntime: Any = import_module("onnxruntime")
PROVIDERS: Final = ["CPUExecutionProvider"]
OPTIONS: Final = "default session options"
_FOLDER: Final = "session.model_external_initializers_file_folder_path"
_CONSTANT: Final = 4
"""The first IR version in which an initializer that is an input too may be overridden."""


class Model:
    """One of the two models, opened lean; a session is made when it is run, and let go of after."""

    def __init__(self, path: Path) -> None:
        self.path = path.parent.resolve() / path.name
        with lean.open_model(self.path, self.path.parent) as opened:
            self.model: Any = opened.model
            self.size = sum(_refer(opened, tensor, key) for key, tensor in tensors(self.model)) + len(
                self.model.SerializeToString()
            )
        if self.model.ir_version >= _CONSTANT:
            fixed = {t.name for t in self.model.graph.initializer}
            free = [i for i in self.model.graph.input if i.name not in fixed]
            del self.model.graph.input[:]
            self.model.graph.input.extend(free)

    def session(self, names: Sequence[str]) -> Any:
        """Open the model so that it gives the tensors of these names, whether or not it lists them as outputs."""
        model = self.model
        hidden = set(names) - {o.name for o in model.graph.output}
        if hidden:
            model = type(model)()
            model.CopyFrom(self.model)
            if model.functions and hidden - {name for node in model.graph.node for name in node.output}:
                model = import_module("onnx.inliner").inline_local_functions(model)
            for name in sorted(hidden):
                model.graph.output.add(name=name)
        options = onnxruntime.SessionOptions()
        options.add_session_config_entry(_FOLDER, str(self.path.parent))
        return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=PROVIDERS)


def _refer(opened: lean.Lean, tensor: Any, key: str) -> int:
    """Point a stub at its bytes in the file, or give it them where no reference may stand; return its size."""
    place = opened.place(tensor)
    if place is None:
        return 0
    if not opened.is_stub(tensor):
        return place.size
    if "@" in key.rpartition("/")[2] or "#" in key or tensor.data_type == lean.STRING or place.field != RAW:
        data = opened.array(tensor).tobytes()
        tensor.ClearField("external_data")
        tensor.ClearField("data_location")
        tensor.raw_data = data
        return place.size
    del tensor.external_data[:]
    for name, value in (("location", place.path.name), ("offset", place.start), ("length", place.size)):
        tensor.external_data.add(key=name, value=str(value))
    return place.size


def main() -> int:
    """Read the request, say the answer; return the exit code."""
    bounds.alone()
    request = json.loads(sys.stdin.readline())
    bounds.confine(0, request["seconds"] * 8)
    with suppress(AttributeError):
        onnxruntime.disable_telemetry_events()
    try:
        answer = _compared(request)
    except StripError as error:
        answer = {"error": f"{error}"}
    except MemoryError:
        answer = {"error": "there is too little memory to run the models"}
    except Exception as error:  # noqa: BLE001 - the runtime raises its own kinds, and several of Python's
        first = str(error).strip().splitlines()
        answer = {"error": f"the runtime refuses the model: {first[0] if first else type(error).__name__}"}
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


def _compared(request: dict[str, Any]) -> dict[str, Any]:
    kept = [(old, new, pick) for old, new, pick in request["kept"]]
    if not kept:
        return {"error": "no output is kept: there is nothing to compare"}
    before = Model(Path(request["before"]))
    vague = next((i.name for i in before.model.graph.input if not i.type.tensor_type.HasField("shape")), None)
    if vague is not None:
        return {"error": f"input {vague!r} declares no tensor shape: no noise is made for it"}
    count, seed = noise.amount(before.size, request["inputs"]), request["seed"]
    session = before.session([old for old, _, _ in kept])
    wanted = noise.wants(session.get_inputs())
    plan, first = _plan(session, wanted, kept, seed)
    first += [_digests(v, kept) for v in _runs(session, wanted, plan, seed, [k[0] for k in kept], len(first), count)]
    del first[count:]
    del session
    gc.collect()
    # the new model may still be written
    if not sys.stdin.readline():
        return {"error": "the comparison was given up"}
    after = Model(Path(request["after"]))
    session = after.session([new for _, new, _ in kept])
    have = {item.name for item in session.get_inputs()}
    if have - {want.name for want in wanted}:
        return {"error": f"the new model has an input that the old one has not: {sorted(have)}"}
    unequal: list[tuple[int, int]] = []
    names = [new for _, new, _ in kept]
    for number, values in enumerate(_runs(session, wanted, plan, seed, names, 0, count)):
        unequal += [(number, n) for n, value in enumerate(values) if _digest(value) != first[number][n]]
    del session
    gc.collect()
    figures: dict[str, Any] = {
        "runtime": f"onnxruntime {onnxruntime.__version__}",
        "providers": PROVIDERS,
        "options": OPTIONS,
        "inputs": count,
        "samples": sum(noise.batch(plan, n) for n in range(count)),
        "outputs": len(kept),
        "compared": count * len(kept),
        "bit_equal": count * len(kept) - len(unequal),
        "distinct": [len({row[n] for row in first}) for n in range(len(kept))],
        "shapes": {w.name: [_size(d, plan) for d in w.dims] for w in wanted},
    }
    told = f"{len(kept)} kept outputs on {count} noise inputs (seed {seed}), {figures['runtime']}, {OPTIONS}, CPU"
    if not unequal:
        return {"detail": f"bit-equal: {told}", "figures": figures}
    return _within(before, after, kept, (wanted, plan, seed), unequal, figures, told)


def _size(dim: int | str, plan: noise.Plan) -> int | str:
    if isinstance(dim, int):
        return dim
    if dim == "#batch":
        return "1 to " + str(max(noise.BATCHES)) if plan.batched else 1
    return plan.free


def _plan(session: Any, wanted: list[noise.Want], kept: list[Any], seed: int) -> tuple[noise.Plan, list[list[str]]]:
    """Return the first choice of dims that the old model takes, and the digests of its outputs on the first inputs."""
    last: Exception | None = None
    names = [old for old, _, _ in kept]
    for plan in noise.plans(wanted):
        try:
            count = len(noise.BATCHES) if plan.batched else 1
            found = [_digests(values, kept) for values in _runs(session, wanted, plan, seed, names, 0, count)]
        except Exception as error:  # noqa: BLE001 - whatever the runtime raises, another shape may do
            last = error
            continue
        return plan, found
    raise StripError(f"no noise was found that the model takes: {str(last).splitlines()[0]}")


def _runs(
    session: Any, wanted: list[noise.Want], plan: noise.Plan, seed: int, names: list[str], start: int, stop: int
) -> Iterator[list[Any]]:
    """Yield the named outputs for each input of some numbers."""
    have = {item.name for item in session.get_inputs()}
    for number in range(start, stop):
        fed = noise.feed(wanted, plan, seed, number)
        yield session.run(names, {name: value for name, value in fed.items() if name in have})


def _digests(values: list[Any], kept: list[Any]) -> list[str]:
    """Return a digest of what is kept of each output."""
    return [_digest(_picked(value, pick)) for value, (_, _, pick) in zip(values, kept, strict=True)]


def _picked(value: Any, pick: list[Any] | None) -> Any:
    """Return what a selection keeps of an output."""
    if pick is None:
        return value
    axis, kept = pick
    return np.take(value, kept, axis)


def _digest(value: Any) -> str:
    """Return a digest of an output: its type, shape and bits."""
    digest = hashlib.blake2b(digest_size=16)
    if isinstance(value, np.ndarray) and value.dtype != object:
        digest.update(f"{value.dtype}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, (list, tuple)):
        for item in value:
            digest.update(_digest(item).encode())
    else:
        digest.update(repr(value.tolist() if isinstance(value, np.ndarray) else value).encode())
    return digest.hexdigest()


def _within(
    before: Model,
    after: Model,
    kept: list[tuple[str, str, Any]],
    drawn: tuple[list[noise.Want], noise.Plan, int],
    unequal: list[tuple[int, int]],
    figures: dict[str, Any],
    told: str,
) -> dict[str, Any]:
    """Judge the outputs that are not bit-equal by the rounding bound of the layers that were cut."""
    layers = _layers(before.model, after.model)
    routes = {n: bound.route(after.model, kept[n][1], layers) for n in {n for _, n in unequal}}
    for n, way in routes.items():
        if way.stop or not way.layers:
            why = f"no bound is known through {way.stop}" if way.stop else "no cut layer is behind it"
            number = next(number for number, other in unequal if other == n)
            return {"error": f"output {kept[n][1]!r} is not bit-equal on input {number}, and {why}", "figures": figures}
    old, new = _again(before, after, kept, drawn, unequal, routes)
    worst = 0.0
    for number, n in unequal:
        way = routes[n]
        one, two = _picked(old[number][kept[n][0]], kept[n][2]), new[number][kept[n][1]]
        unit = bound.UNIT.get(str(two.dtype))
        if unit is None or one.shape != two.shape or one.dtype != two.dtype:
            return {"error": f"output {kept[n][1]!r} differs in type or shape, or is no float", "figures": figures}
        allowed = 0.0
        for layer in way.layers:
            x, largest, count = _largest(layer, after, new[number])
            if _digest(x) != _digest(old[number].get(layer.node.input[0])):
                return {"error": f"what enters {layer.node.op_type} {layer.output} differs", "figures": figures}
            size = float(np.max(np.abs(two), initial=0.0))
            allowed = max(allowed, bound.tolerance(bound.gamma(count, unit), largest, size, way.smooth, unit))
        off = np.abs(one.astype(np.float64) - two.astype(np.float64))
        if not np.all((off <= allowed) | (np.isnan(one) & np.isnan(two)) | (one == two)):
            detail = (
                f"output {kept[n][1]!r} differs by {float(np.nanmax(off)):.3g} on input {number}, bound {allowed:.3g}"
            )
            return {"error": detail, "figures": figures}
        worst = max(worst, float(np.nanmax(off, initial=0.0)) / allowed if allowed else 0.0)
    figures |= {"bounded": len(unequal), "worst_of_bound": worst, "bound": "2·γₙ·max Σ|w||x| at the cut layer"}
    return {
        "detail": f"{figures['bit_equal']} of {figures['compared']} bit-equal, the others within {worst:.2g} of the "
        f"rounding bound of the cut layer: {told}",
        "figures": figures,
    }


def _layers(before: Any, after: Any) -> dict[str, bound.Layer]:
    """Return the layers of the new model whose weights have other dims than those of the same name had."""
    dims = {t.name: tuple(t.dims) for t in before.graph.initializer}
    made = {name for node in before.graph.node for name in node.output} | {i.name for i in before.graph.input}
    own = {t.name: tuple(t.dims) for t in after.graph.initializer}
    changed = {name for name, shape in own.items() if dims.get(name) != shape}
    layers: dict[str, bound.Layer] = {}
    for node in after.graph.node:
        if node.op_type in bound.WRAPS and node.input[0] in changed:
            changed.add(node.output[0])
        elif node.op_type in bound.LAYERS and any(i in changed for i in node.input) and node.input[0] in made:
            layers[node.output[0]] = bound.Layer(node, node.output[0])
    return layers


def _again(
    before: Model,
    after: Model,
    kept: list[tuple[str, str, Any]],
    drawn: tuple[list[noise.Want], noise.Plan, int],
    unequal: list[tuple[int, int]],
    routes: dict[int, bound.Route],
) -> tuple[dict[int, dict[str, Any]], dict[int, dict[str, Any]]]:
    """Run the inputs with unequal outputs once more, and keep the values: outputs, and what enters the cut layers."""
    wanted, plan, seed = drawn
    # what enters a layer and is no constant
    fixed = {t.name for t in after.model.graph.initializer} | {w.name for w in wanted}
    inner = {i for way in routes.values() for layer in way.layers for i in layer.node.input if i} - fixed
    results: list[dict[int, dict[str, Any]]] = []
    for model, own in ((before, 0), (after, 1)):
        names = [*dict.fromkeys([*(kept[n][own] for n in routes), *inner])]
        session = model.session(names)
        have = {item.name for item in session.get_inputs()}
        found: dict[int, dict[str, Any]] = {}
        for number in sorted({number for number, _ in unequal}):
            fed = noise.feed(wanted, plan, seed, number)
            given = {name: value for name, value in fed.items() if name in have}
            found[number] = fed | dict(zip(names, session.run(names, given), strict=True))
        results.append(found)
        del session
        gc.collect()
    return results[0], results[1]


def _largest(layer: bound.Layer, after: Model, values: dict[str, Any]) -> tuple[Any, float, int]:
    """Return what enters a layer, its largest Σ|w||x|, and how many products one value is the sum of."""
    from onnx import helper  # noqa: PLC0415 - loaded by now

    with lean.open_model(after.path, after.path.parent) as opened:
        fixed = {t.name: t for t in opened.model.graph.initializer}
        arrays = [
            np.abs(np.array(opened.array(fixed[name])) if name in fixed else values[name])
            for name in layer.node.input
            if name
        ]
    graph = bound.magnitudes(layer.node, arrays)
    model = helper.make_model(graph, opset_imports=after.model.opset_import, ir_version=after.model.ir_version)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=PROVIDERS)
    (sums,) = session.run(None, {item.name: a for item, a in zip(session.get_inputs(), arrays, strict=True)})
    x = values[layer.node.input[0]]
    return x, float(np.max(sums, initial=0.0)), bound.products(layer.node, arrays[0], arrays[1])


if __name__ == "__main__":
    raise SystemExit(main())
