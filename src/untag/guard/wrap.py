"""The guard inside a program: around an ONNX Runtime session, or a pipeline as Hugging Face makes them.

    session = GuardedSession(onnxruntime.InferenceSession("faces.onnx"))
    classify = GuardedPipeline(transformers.pipeline("zero-shot-image-classification"))

Neither library is imported here: what is wrapped is called as it would be.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UntagError
from untag.guard.base import Settings, Verdict
from untag.interpret.naming import attribute_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

JSON: Final = "application/json"
LABELS: Final = ("candidate_labels", "labels", "classes")
"""Keyword arguments that hold the label set of a zero-shot question."""
QUESTIONS: Final = ("question", "prompt", "query", "text")
"""Keyword arguments that hold words about a picture."""
_STAND_IN: Final = "untag stands in for object "
_PATH: Final = "/pipeline/face"


class RefusedError(UntagError):
    """The guard refused; ``verdict`` says why and how to appeal."""

    def __init__(self, verdict: Verdict) -> None:
        reasons = "; ".join(reason.text for reason in verdict.because)
        super().__init__(" ".join(part for part in (f"refused: {reasons}.", verdict.clause) if part))
        self.verdict = verdict


class GuardedSession:
    """An ONNX Runtime session without its protected outputs.

    Outputs whose own name tells a protected attribute are never computed and never returned; ``outputs`` adds names
    that tell nothing (``{"head_3": "race"}``), as a scan of the model finds them. To ask for one by name is refused.
    """

    def __init__(self, session: Any, *, outputs: dict[str, str] | None = None) -> None:
        self._session = session
        named = {one.name: attribute_of(one.name) for one in session.get_outputs()}
        self.protected = {name: attribute for name, attribute in {**named, **(outputs or {})}.items() if attribute}
        """Name of an output → the attribute that it holds."""
        unknown = [name for name in self.protected if name not in named]
        if unknown:
            raise UntagError(f"the model has no output {unknown[0]!r}; it has: {', '.join(named)}")
        self._allowed = [name for name in named if name not in self.protected]

    def get_outputs(self) -> list[Any]:
        """Return the outputs that are left."""
        return [one for one in self._session.get_outputs() if one.name not in self.protected]

    def run(self, output_names: Sequence[str] | None, input_feed: Any, run_options: Any = None) -> Any:
        """Run for the outputs that are left; one value each, in the order of ``output_names`` or of `get_outputs`."""
        return self._session.run(self._chosen(output_names), input_feed, run_options)

    def run_with_ort_values(self, output_names: Sequence[str] | None, feed: Any, run_options: Any = None) -> Any:
        """Run as `run` does, with values of ONNX Runtime."""
        return self._session.run_with_ort_values(self._chosen(output_names), feed, run_options)

    def _chosen(self, names: Sequence[str] | None) -> list[str]:
        if names is None or not list(names):
            if not self._allowed:
                raise RefusedError(
                    Verdict("refuse", "infers", next(iter(self.protected.values())), clause=_NOTHING_LEFT)
                )
            return self._allowed
        for name in names:
            if name in self.protected:
                attribute = self.protected[name]
                raise RefusedError(Verdict("refuse", "infers", attribute, clause=f"output {name!r} holds {attribute}"))
        return list(names)

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("run", "_", "io_binding")):
            # other ways to run would return every output
            raise AttributeError(f"a guarded session has no {name!r}: use run")
        return getattr(self._session, name)


_NOTHING_LEFT: Final = "every output of this model is protected"


class GuardedPipeline:
    """A pipeline whose questions are judged and whose answers are cleaned."""

    def __init__(self, pipeline: Any, settings: Settings | None = None) -> None:
        self._pipeline = pipeline
        self._settings = settings or Settings()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Ask the pipeline; raise `RefusedError` where it asks for the group of pictured people."""
        if self._settings.mode != "observe":
            self._ask(args[1:], kwargs)
        answer = self._pipeline(*args, **kwargs)
        return answer if self._settings.mode == "observe" else self._cleaned(answer)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._pipeline, name)

    def _ask(self, more: Iterable[Any], kwargs: dict[str, Any]) -> None:
        from untag.guard import core  # noqa: PLC0415 - the heavy part

        label_sets = [kwargs[name] for name in LABELS if name in kwargs]
        # the second argument of a zero-shot pipeline, or the question about a picture
        label_sets += [value for value in more if isinstance(value, (list, tuple))]
        questions = [kwargs[name] for name in QUESTIONS if name in kwargs]
        questions += [value for value in more if isinstance(value, str)]
        template = kwargs.get("hypothesis_template")
        for labels in label_sets:
            names = labels.split(",") if isinstance(labels, str) else [str(label) for label in labels]
            filled = [template.replace("{}", name) for name in names] if isinstance(template, str) else names
            body = json.dumps({"image": "picture", "candidate_labels": filled}).encode()
            _refuse(core.check_request(body, JSON, _PATH, "", settings=self._settings))
        for text in questions:
            for one in text if isinstance(text, (list, tuple)) else (text,):
                _refuse(core.check_prompt(str(one), images=True, settings=self._settings))

    def _cleaned(self, answer: Any) -> Any:
        from untag.guard import core  # noqa: PLC0415

        things: list[Any] = []
        try:
            body = json.dumps(answer, default=lambda thing: _stand_in(thing, things)).encode()
        except (TypeError, ValueError, RecursionError) as error:
            if self._settings.fail == "open":
                return answer
            raise UntagError(
                f"the pipeline's answer cannot be judged ({type(error).__name__}); it is withheld"
            ) from error
        verdict = core.clean_response(body, JSON, settings=self._settings, path=_PATH, request=True)
        if verdict.verdict == "refuse":
            raise RefusedError(verdict)
        if verdict.verdict == "allow" or verdict.body is None:
            return answer
        return _put_back(json.loads(verdict.body), things)


def _refuse(verdict: Verdict) -> None:
    """Raise where a question asks for the attribute: inside a program nobody rewrites a question."""
    if verdict.verdict != "allow":
        raise RefusedError(verdict)


def _stand_in(thing: Any, things: list[Any]) -> str:
    """Return the name under which a thing that JSON does not know (an array, a picture) travels."""
    things.append(thing)
    return f"{_STAND_IN}{len(things) - 1}"


def _put_back(value: Any, things: list[Any]) -> Any:
    if isinstance(value, dict):
        return {key: _put_back(inner, things) for key, inner in value.items()}
    if isinstance(value, list):
        return [_put_back(inner, things) for inner in value]
    if isinstance(value, str) and value.startswith(_STAND_IN):
        number = value.removeprefix(_STAND_IN)
        return things[int(number)] if number.isdigit() and int(number) < len(things) else value
    return value
